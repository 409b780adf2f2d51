/* speedscope from counted calls: as by samples (speedscope.c), but the weight of a stack is what
 * was counted of its own time. A profile a thread.
 */
#include "base/json.h"
#include "base/vec.h"
#include "export/formats.h"
#include "export/frame.h"
#include "export/speedscope.h"
#include "model/calls.h"
#include "view/calls_part.h"

static void put_frames(struct json *j, const struct calls_profile *p)
{
	for (size_t i = 0; i < p->function_count; i++)
		speedscope_frame(j, p->functions[i].name, p->functions[i].file,
				 p->functions[i].line);
}

static void put_stack(struct json *j, const struct calls_profile *p, uint32_t leaf, uint32_t top,
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

/* Nodes below `top` with time of their own, in order of the tree. */
static void put_profile(struct json *j, const struct calls_profile *p, uint32_t top, uint32_t *path)
{
	VEC(uint32_t) open = {0};
	VEC(uint32_t) leaves = {0};
	double end = 0;
	*vec_push(&open) = top;
	while (open.count) {
		const struct calls_tree_node *node = &p->nodes[open.items[--open.count]];
		if (calls_own(p, &node->sums) > 0 && node != &p->nodes[top])
			*vec_push(&leaves) = (uint32_t)(node - p->nodes);
		for (uint32_t c = node->child_count; c-- > 0;)
			*vec_push(&open) = p->order[node->first_child + c];
	}
	speedscope_begin(j, p->functions[p->nodes[top].function].name, "nanoseconds");
	for (size_t i = 0; i < leaves.count; i++)
		put_stack(j, p, leaves.items[i], top, path);
	speedscope_weights(j);
	for (size_t i = 0; i < leaves.count; i++) {
		const double weight = calls_own(p, &p->nodes[leaves.items[i]].sums);
		json_number(j, weight, 15);
		end += weight;
	}
	speedscope_end(j, end);
	vec_free(&open);
	vec_free(&leaves);
}

enum err_kind export_speedscope_calls(const struct export_source *source, FILE *out, struct err *e)
{
	struct arena *arena = arena_new();
	struct calls_profile p;
	struct json j;
	const char *command = "";
	enum err_kind kind = export_read_calls(source, true, arena, &p, e);
	if (kind == ERR_OK)
		kind = export_command(source->db, arena, &command, e);
	if (kind == ERR_OK) {
		uint32_t *path = arena_alloc(arena, p.node_count * sizeof *path);
		struct str name;
		str_init(&name, FRAME_TEXT_SIZE);
		calls_part_text(&name, "calls", &p.cost);
		str_printf(&name, "%s%s", name.length ? ": " : "", command);
		speedscope_file(&j, name.text, out);
		str_free(&name);
		put_frames(&j, &p);
		speedscope_profiles(&j);
		for (uint32_t c = 0; c < p.nodes[0].child_count; c++)
			put_profile(&j, &p, p.order[p.nodes[0].first_child + c], path);
		speedscope_file_end(&j, out);
	}
	arena_free(arena);
	return kind;
}
