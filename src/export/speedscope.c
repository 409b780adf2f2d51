/* speedscope: the file format of https://www.speedscope.app (file-format-schema.json): frames
 * once, then a sampled profile a thread, whose samples are its stacks, root first, with their time.
 * The time axis is not the recording's: samples are summed, so stacks stand in the order of the
 * tree. With --memory the weight is bytes, and the profile one.
 */
#include "base/json.h"
#include "base/vec.h"
#include "export/formats.h"
#include "export/frame.h"
#include "export/speedscope.h"

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

void speedscope_file(struct json *j, const char *name, FILE *out)
{
	char text[FRAME_TEXT_SIZE];
	json_init(j, out, false);
	json_object(j);
	json_key(j, "$schema");
	json_string(j, SCHEMA);
	json_key(j, "name");
	json_string(j, frame_clean(name, text, sizeof text));
	json_key(j, "exporter");
	json_string(j, "unslow " UNSLOW_VERSION);
	json_key(j, "activeProfileIndex");
	json_int(j, 0);
	json_key(j, "shared");
	json_object(j);
	json_key(j, "frames");
	json_array(j);
}

void speedscope_frame(struct json *j, const char *name, const char *file, int line)
{
	char text[FRAME_TEXT_SIZE];
	json_object(j);
	json_key(j, "name");
	json_string(j, frame_clean(*name ? name : "?", text, sizeof text));
	if (*file) {
		json_key(j, "file");
		json_string(j, frame_clean(file, text, sizeof text));
	}
	if (line > 0) {
		json_key(j, "line");
		json_int(j, line);
	}
	json_object_end(j);
}

void speedscope_profiles(struct json *j)
{
	json_array_end(j);
	json_object_end(j);
	json_key(j, "profiles");
	json_array(j);
}

void speedscope_begin(struct json *j, const char *thread, const char *unit)
{
	char text[FRAME_TEXT_SIZE];
	json_object(j);
	json_key(j, "type");
	json_string(j, "sampled");
	json_key(j, "name");
	json_string(j, frame_clean(thread, text, sizeof text));
	json_key(j, "unit");
	json_string(j, unit);
	json_key(j, "startValue");
	json_int(j, 0);
	json_key(j, "samples");
	json_array(j);
}

void speedscope_weights(struct json *j)
{
	json_array_end(j);
	json_key(j, "weights");
	json_array(j);
}

void speedscope_end(struct json *j, double end_ns)
{
	json_array_end(j);
	json_key(j, "endValue");
	json_number(j, end_ns, 15);
	json_object_end(j);
}

void speedscope_file_end(struct json *j, FILE *out)
{
	json_array_end(j);
	json_object_end(j);
	fputc('\n', out);
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

static void write_profile(struct json *j, const struct profile *p, uint32_t top, const char *name,
			  uint32_t *path)
{
	struct stacks stacks = {0};
	double end = 0;
	find_leaves(p, top, &stacks);
	speedscope_begin(j, name, p->of_bytes ? "bytes" : "nanoseconds");
	for (size_t i = 0; i < stacks.leaves.count; i++)
		write_stack(j, p, stacks.leaves.items[i], top, path);
	speedscope_weights(j);
	for (size_t i = 0; i < stacks.leaves.count; i++) {
		const double weight = profile_weight(p, &p->nodes[stacks.leaves.items[i]].own);
		json_number(j, weight, 15);
		end += weight;
	}
	speedscope_end(j, end);
	vec_free(&stacks.leaves);
}

/* `what` of it, if it is of bytes: then all processes are one profile, else each thread is. */
static void write_file(const struct profile *p, enum profile_memory what, const char *name,
		       struct arena *arena, FILE *out)
{
	uint32_t *path = arena_alloc(arena, p->node_count * sizeof *path);
	struct json j;
	speedscope_file(&j, name, out);
	for (size_t i = 0; i < p->function_count; i++)
		speedscope_frame(&j, p->functions[i].name, p->functions[i].file,
				 p->functions[i].first_line);
	speedscope_profiles(&j);
	if (p->of_bytes)
		write_profile(&j, p, 0, profile_memory_names[what], path);
	for (uint32_t c = 0; c < p->nodes[0].child_count && !p->of_bytes; c++) {
		const uint32_t top = p->order[p->nodes[0].first_child + c];
		write_profile(&j, p, top, p->functions[p->nodes[top].function].name, path);
	}
	speedscope_file_end(&j, out);
}

enum err_kind export_speedscope(const struct export_source *source, FILE *out, struct err *e)
{
	struct profile_filter filter = *source->filter;
	struct arena *arena = arena_new();
	struct profile p;
	const char *command = "";
	filter.by_thread = !filter.memory;
	enum err_kind kind = profile_read(source->db, &filter, arena, &p, e);
	if (kind == ERR_OK)
		kind = export_command(source->db, arena, &command, e);
	if (kind == ERR_OK)
		write_file(&p, filter.memory, command, arena, out);
	arena_free(arena);
	return kind;
}
