/* pstats: the file that Python's own profile and cProfile write and pstats, snakeviz and gprof2dot
 * read (Lib/pstats.py, Stats.load_stats): a dictionary, marshalled,
 *
 *     (file, line, function): (primitive calls, calls, own s, total s, {caller: the same four})
 *
 * in the codes that every CPython reads (Python/marshal.c; those of version 2). With the wall
 * clock, times hold what was suspended, as yappi's do: total is how long the calls lasted. A C
 * function is
 * ('~', 0, '<built-in method NAME>'), as cProfile has it.
 */
#include <math.h>
#include <string.h>

#include "export/formats.h"
#include "export/frame.h"
#include "model/calls.h"

static void put_le(FILE *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		fputc((int)(value >> 8 * i & 0xff), out);
}

static void put_tuple(FILE *out, uint32_t count)
{
	fputc('(', out);
	put_le(out, count, 4);
}

static void put_text(FILE *out, const char *text)
{
	fputc('u', out);
	put_le(out, strlen(text), 4);
	fputs(text, out);
}

/* More than 31 bits are digits of 15 (TYPE_LONG). */
static void put_int(FILE *out, double count)
{
	uint64_t value = count > 0 && count < 9e18 ? (uint64_t)count : 0;
	int digits = 0;
	if (value <= INT32_MAX) {
		fputc('i', out);
		put_le(out, value, 4);
		return;
	}
	for (uint64_t rest = value; rest; rest >>= 15)
		digits++;
	fputc('l', out);
	put_le(out, (uint64_t)digits, 4);
	for (; value; value >>= 15)
		put_le(out, value & 0x7fff, 2);
}

static void put_seconds(FILE *out, double ns)
{
	const double seconds = isfinite(ns) ? ns / 1e9 : 0;
	uint64_t bits;
	memcpy(&bits, &seconds, sizeof bits);
	fputc('g', out);
	put_le(out, bits, 8);
}

static void put_function(FILE *out, const struct calls_function *f)
{
	char name[FRAME_TEXT_SIZE], built_in[FRAME_TEXT_SIZE + 32], file[FRAME_TEXT_SIZE];
	const bool is_c = !*f->file;
	frame_clean(f->name, name, sizeof name);
	snprintf(built_in, sizeof built_in, "<built-in method %s>", name);
	put_tuple(out, 3);
	put_text(out, is_c ? "~" : frame_clean(f->file, file, sizeof file));
	put_int(out, is_c ? 0 : f->line);
	put_text(out, is_c ? built_in : name);
}

/* Four values of what was called, in the dictionary of a caller or ahead of the callers. */
static void put_sums(FILE *out, const struct calls_profile *p, const struct calls_sums *s)
{
	put_int(out, s->primitive);
	put_int(out, s->calls);
	put_seconds(out, calls_own(p, s));
	put_seconds(out, fmax(calls_total(p, s), calls_own(p, s)));
}

static void put_callers(FILE *out, const struct calls_profile *p, const struct calls_callers *c,
			uint32_t function)
{
	fputc('{', out);
	for (uint32_t i = c->first[function]; i < c->first[function + 1]; i++) {
		const struct calls_edge *edge = &p->edges[c->edges[i]];
		if (edge->caller == CALLS_NO_CALLER)
			continue;
		put_function(out, &p->functions[edge->caller]);
		put_tuple(out, 4);
		put_sums(out, p, &edge->sums);
	}
	fputc('0', out);
}

enum err_kind export_pstats(const struct export_source *source, FILE *out, struct err *e)
{
	struct arena *arena = arena_new();
	struct calls_profile p;
	const enum err_kind kind = export_read_calls(source, false, arena, &p, e);
	if (kind == ERR_OK) {
		const struct calls_callers callers = calls_by_callee(&p, arena);
		fputc('{', out);
		for (uint32_t i = 0; i < p.function_count; i++) {
			if (!calls_is_called(&p.functions[i]))
				continue;
			put_function(out, &p.functions[i]);
			put_tuple(out, 5);
			put_sums(out, &p, &p.functions[i].sums);
			put_callers(out, &p, &callers, i);
		}
		fputc('0', out);
	}
	arena_free(arena);
	return kind;
}
