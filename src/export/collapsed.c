/* collapsed: "root;caller;leaf WEIGHT" a line, the folded stacks of Brendan Gregg's FlameGraph
 * (stackcollapse-*.pl). The weight is time in microseconds, so pass --countname=us to
 * flamegraph.pl. A frame is "function (file:line)", the line that of its def; a semicolon would
 * begin another frame and is written as a comma. With --memory the weight is bytes.
 */
#include <math.h>

#include "export/formats.h"
#include "export/frame.h"

static void frame(const struct profile_function *f, FILE *out)
{
	char text[FRAME_TEXT_SIZE];
	for (char *c = frame_text(f, text); *c; c++)
		fputc(*c == ';' ? ',' : *c, out);
}

static void line(const struct profile *p, uint32_t leaf, double weight, uint32_t *path, FILE *out)
{
	uint32_t depth = 0;
	for (uint32_t node = leaf; node; node = p->nodes[node].parent)
		path[depth++] = node;
	while (depth-- > 0) {
		frame(&p->functions[p->nodes[path[depth]].function], out);
		fputc(depth ? ';' : ' ', out);
	}
	fprintf(out, "%.0f\n", weight);
}

enum err_kind export_collapsed(const struct export_source *source, FILE *out, struct err *e)
{
	struct arena *arena = arena_new();
	struct profile p;
	enum err_kind kind = profile_read(source->db, source->filter, arena, &p, e);
	if (kind == ERR_OK) {
		uint32_t *path = arena_alloc(arena, p.node_count * sizeof *path);
		for (uint32_t node = 1; node < p.node_count; node++) {
			const double own = profile_weight(&p, &p.nodes[node].own);
			const double weight = round(p.of_bytes ? own : own / 1e3);
			if (weight >= 1)
				line(&p, node, weight, path, out);
		}
	}
	arena_free(arena);
	return kind;
}
