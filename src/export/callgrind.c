/* callgrind: Valgrind's profile format (https://valgrind.org/docs/manual/cl-format.html), which
 * KCachegrind, QCachegrind and gprof2dot read. Events are nanoseconds of wall time, with what was
 * suspended, and of CPU time. The line of a call is not known: costs stand at the function's def.
 */
#include <math.h>

#include "export/formats.h"
#include "export/frame.h"
#include "model/calls.h"
#include "view/calls_part.h"

/* A function's file and name; with its text the first time, then by its number alone. */
struct names {
	const struct calls_profile *p;
	bool *written;
	FILE *out;
};

static void put_name(struct names *names, const char *file_key, const char *name_key,
		     uint32_t function)
{
	const struct calls_function *f = &names->p->functions[function];
	char file[FRAME_TEXT_SIZE], name[FRAME_TEXT_SIZE];
	const bool again = names->written[function];
	frame_clean(*f->file ? f->file : "~", file, sizeof file);
	frame_clean(f->name, name, sizeof name);
	fprintf(names->out, "%s=(%u)%s%s\n%s=(%u)%s%s\n", file_key, function + 1, again ? "" : " ",
		again ? "" : file, name_key, function + 1, again ? "" : " ", again ? "" : name);
	names->written[function] = true;
}

static double wall_ns(const struct calls_sums *s)
{
	return s->total_wall_ns + s->total_suspended_ns;
}

static void put_costs(FILE *out, int line, double wall, double cpu)
{
	fprintf(out, "%d %.0f %.0f\n", line, isfinite(wall) ? wall : 0, isfinite(cpu) ? cpu : 0);
}

static void put_function(struct names *names, const struct calls_callers *callees,
			 uint32_t function)
{
	const struct calls_profile *p = names->p;
	const struct calls_function *f = &p->functions[function];
	fputc('\n', names->out);
	put_name(names, "fl", "fn", function);
	put_costs(names->out, f->line, f->sums.own_wall_ns + f->sums.own_suspended_ns,
		  f->sums.own_cpu_ns);
	for (uint32_t i = callees->first[function]; i < callees->first[function + 1]; i++) {
		const struct calls_edge *edge = &p->edges[callees->edges[i]];
		const struct calls_sums *s = &edge->sums;
		put_name(names, "cfi", "cfn", edge->callee);
		fprintf(names->out, "calls=%.0f %d\n", s->calls, p->functions[edge->callee].line);
		put_costs(names->out, f->line,
			  fmax(wall_ns(s), s->own_wall_ns + s->own_suspended_ns),
			  fmax(s->total_cpu_ns, s->own_cpu_ns));
	}
}

enum err_kind export_callgrind(const struct export_source *source, FILE *out, struct err *e)
{
	struct arena *arena = arena_new();
	struct calls_profile p;
	const char *command = "";
	char clean[FRAME_TEXT_SIZE];
	struct str part;
	double wall = 0, cpu = 0;
	enum err_kind kind = export_read_calls(source, false, arena, &p, e);
	if (kind == ERR_OK)
		kind = export_command(source->db, arena, &command, e);
	if (kind == ERR_OK) {
		const struct calls_callers callees = calls_by_caller(&p, arena);
		struct names names = {&p, arena_alloc(arena, p.function_count + 1), out};
		for (uint32_t i = 0; i < p.function_count; i++) {
			wall += p.functions[i].sums.own_wall_ns +
				p.functions[i].sums.own_suspended_ns;
			cpu += p.functions[i].sums.own_cpu_ns;
		}
		str_init(&part, 300);
		calls_part_text(&part, "calls", &p.cost);
		fprintf(out,
			"# callgrind format\nversion: 1\ncreator: unslow " UNSLOW_VERSION
			"\ncmd: %s\n%s%s%spart: 1\npositions: line\n"
			"event: Wall : wall time in ns, suspended included\n"
			"event: CPU : CPU time in ns\nevents: Wall CPU\nsummary: %.0f %.0f\n",
			frame_clean(command, clean, sizeof clean),
			part.length ? "desc: Note: " : "", part.text, part.length ? "\n" : "",
			isfinite(wall) ? wall : 0, isfinite(cpu) ? cpu : 0);
		str_free(&part);
		for (uint32_t i = 0; i < p.function_count; i++)
			if (calls_is_called(&p.functions[i]))
				put_function(&names, &callees, i);
	}
	arena_free(arena);
	return kind;
}
