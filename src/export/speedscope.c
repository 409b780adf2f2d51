/* speedscope: the file format of https://www.speedscope.app (file-format-schema.json): frames
 * once, then a sampled profile a thread, whose samples are its stacks, root first, with their time.
 * The time axis is not the recording's: samples are summed, so stacks stand in the order of the
 * tree.
 */
#include <string.h>

#include "base/json.h"
#include "base/vec.h"
#include "export/formats.h"
#include "export/frame.h"

#define SCHEMA "https://www.speedscope.app/file-format-schema.json"

struct stacks {
	VEC(uint32_t) leaves; /* nodes with time of their own, in order of the tree */
};

/* Leaves below `top`, which stands for a thread. */
static void find_leaves(const struct profile *p, uint32_t top, struct stacks *out)
{
	VEC(uint32_t) open = {0};
	*vec_push(&open) = top;
	while (open.count) {
		const struct profile_node *node = &p->nodes[open.items[--open.count]];
		if (profile_weight(p, &node->own) > 0)
			*vec_push(&out->leaves) = (uint32_t)(node - p->nodes);
		for (uint32_t c = node->child_count; c-- > 0;)
			*vec_push(&open) = p->order[node->first_child + c];
	}
	vec_free(&open);
}

static void write_frames(struct json *j, const struct profile *p)
{
	char text[FRAME_TEXT_SIZE];
	json_key(j, "shared");
	json_object(j);
	json_key(j, "frames");
	json_array(j);
	for (size_t i = 0; i < p->function_count; i++) {
		const struct profile_function *f = &p->functions[i];
		json_object(j);
		json_key(j, "name");
		json_string(j, frame_clean(*f->name ? f->name : "?", text, sizeof text));
		if (*f->file) {
			json_key(j, "file");
			json_string(j, frame_clean(f->file, text, sizeof text));
		}
		if (f->first_line > 0) {
			json_key(j, "line");
			json_int(j, f->first_line);
		}
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void write_stack(struct json *j, const struct profile *p, uint32_t leaf, uint32_t top,
			uint32_t *path)
{
	uint32_t depth = 0;
	for (uint32_t node = leaf; node != top; node = p->nodes[node].parent)
		path[depth++] = p->nodes[node].function;
	json_array(j);
	while (depth-- > 0)
		json_uint(j, path[depth]);
	json_array_end(j);
}

static void write_profile(struct json *j, const struct profile *p, uint32_t top, uint32_t *path)
{
	char text[FRAME_TEXT_SIZE];
	struct stacks stacks = {0};
	double end = 0;
	find_leaves(p, top, &stacks);
	json_object(j);
	json_key(j, "type");
	json_string(j, "sampled");
	json_key(j, "name");
	json_string(j, frame_clean(p->functions[p->nodes[top].function].name, text, sizeof text));
	json_key(j, "unit");
	json_string(j, "nanoseconds");
	json_key(j, "startValue");
	json_int(j, 0);
	json_key(j, "samples");
	json_array(j);
	for (size_t i = 0; i < stacks.leaves.count; i++)
		write_stack(j, p, stacks.leaves.items[i], top, path);
	json_array_end(j);
	json_key(j, "weights");
	json_array(j);
	for (size_t i = 0; i < stacks.leaves.count; i++) {
		const double weight = profile_weight(p, &p->nodes[stacks.leaves.items[i]].own);
		json_number(j, weight, 15);
		end += weight;
	}
	json_array_end(j);
	json_key(j, "endValue");
	json_number(j, end, 15);
	json_object_end(j);
	vec_free(&stacks.leaves);
}

static void write_file(const struct profile *p, const char *name, struct arena *arena, FILE *out)
{
	uint32_t *path = arena_alloc(arena, p->node_count * sizeof *path);
	char text[FRAME_TEXT_SIZE];
	struct json j;
	json_init(&j, out, false);
	json_object(&j);
	json_key(&j, "$schema");
	json_string(&j, SCHEMA);
	json_key(&j, "name");
	json_string(&j, frame_clean(name, text, sizeof text));
	json_key(&j, "exporter");
	json_string(&j, "unslow " UNSLOW_VERSION);
	json_key(&j, "activeProfileIndex");
	json_int(&j, 0);
	write_frames(&j, p);
	json_key(&j, "profiles");
	json_array(&j);
	for (uint32_t c = 0; c < p->nodes[0].child_count; c++)
		write_profile(&j, p, p->order[p->nodes[0].first_child + c], path);
	json_array_end(&j);
	json_object_end(&j);
	fputc('\n', out);
}

enum err_kind export_speedscope(const struct export_source *source, FILE *out, struct err *e)
{
	struct profile_filter filter = *source->filter;
	struct arena *arena = arena_new();
	struct profile p;
	const char *command = "";
	filter.by_thread = true;
	enum err_kind kind = profile_read(source->db, &filter, arena, &p, e);
	if (kind == ERR_OK)
		kind = export_command(source->db, arena, &command, e);
	if (kind == ERR_OK)
		write_file(&p, command, arena, out);
	arena_free(arena);
	return kind;
}
