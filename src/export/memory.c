/* memory: memory over time, one picture without a script: what is resident of all processes
 * together, and what of it is live, in pymalloc's arenas and free in malloc; marked, the walks of
 * the heap and the request that needed most.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"
#include "export/formats.h"
#include "export/frame.h"
#include "model/query.h"
#include "view/text.h"

enum { WIDE = 1000, HIGH = 400, LEFT = 90, TOP = 70, RIGHT = 20, BOTTOM = 40, POINTS_MAX = 600 };
enum { GRID_X = 6, GRID_Y = 5, MARKS_MAX = 200 };

/* In the order of the columns of seconds_sql. */
static const struct {
	const char *label, *colour;
} lines[] = {
	{"resident", "#333333"},        {"live, small Python blocks", "#d9480f"},
	{"live, of malloc", "#1971c2"}, {"pymalloc's arenas", "#2b8a3e"},
	{"free in malloc", "#9c36b5"},
};
enum { LINES = sizeof lines / sizeof *lines };

static const char seconds_sql[] =
	"SELECT s.process_id, s.at_ns, s.rss_bytes, s.live_bytes - s.live_malloc_bytes, "
	"s.live_malloc_bytes, s.arena_bytes, s.malloc_free_bytes, n.every_ns FROM v1_heap_second s "
	"JOIN (SELECT "
	"process_id, (max(at_ns) - min(at_ns)) / max(1, count(*) - 1) AS every_ns FROM "
	"v1_heap_second GROUP BY 1) n ON n.process_id = s.process_id ORDER BY s.at_ns";

struct process {
	int64_t until_ns; /* its last row counts until then */
	double bytes[LINES];
};

struct point {
	int64_t at_ns;
	double bytes[LINES];
};

/* A moment. */
struct mark {
	int64_t at_ns;
	const char *text, *dashes; /* of its line */
};

/* Walks by their number: those of several processes are one. */
static const char marks_sql[] =
	"SELECT begun_ns, number, NULL, NULL, NULL FROM (SELECT number, min(begun_ns) AS begun_ns "
	"FROM v1_walk GROUP BY number) UNION ALL SELECT at_ns, NULL, kind, route, bytes FROM "
	"(SELECT at_ns, coalesce(kind, 'unit of work') AS kind, coalesce(route, 'no route') AS "
	"route, max(peak_bytes) AS bytes FROM v1_heap_unit_peak) WHERE at_ns IS NOT NULL ORDER BY "
	"1 "
	"LIMIT ?1";
enum { MARK_AT, MARK_WALK, MARK_KIND, MARK_ROUTE, MARK_BYTES };

struct plot {
	VEC(struct mark) marks;
	VEC(struct process) processes;
	struct map process_of; /* id → index */
	double sum[LINES];     /* over processes that count */
	int64_t look_ns;       /* none of them stops counting before */
	VEC(struct point) points;
	bool known[LINES];
	double most;
};

static void add_to_sum(struct plot *plot, const struct process *p, double sign)
{
	for (int k = 0; k < LINES; k++)
		plot->sum[k] += sign * p->bytes[k];
}

/* Those whose last row was long ago have ended. */
static void drop_ended(struct plot *plot, int64_t at_ns)
{
	if (at_ns < plot->look_ns)
		return;
	plot->look_ns = INT64_MAX;
	for (size_t i = 0; i < plot->processes.count; i++) {
		struct process *p = &plot->processes.items[i];
		if (p->until_ns < at_ns) {
			add_to_sum(plot, p, -1);
			*p = (struct process){.until_ns = INT64_MAX};
		}
		if (p->until_ns < plot->look_ns)
			plot->look_ns = p->until_ns;
	}
}

/* All processes together, after a row of one. With many of them and long runs that are many points:
 * POINTS_MAX of them are drawn. */
static void add_point(struct plot *plot, int64_t at_ns)
{
	struct point *p = vec_push(&plot->points);
	p->at_ns = at_ns;
	for (int k = 0; k < LINES; k++) {
		p->bytes[k] = fmax(0, plot->sum[k]);
		plot->most = fmax(plot->most, p->bytes[k]);
	}
}

static enum err_kind read_marks(sqlite3 *db, struct plot *plot, struct arena *arena, struct err *e)
{
	char bytes[TEXT_BYTES_SIZE];
	sqlite3_stmt *row;
	TRY(query_prepare(db, marks_sql, &row, e));
	sqlite3_bind_int(row, 1, MARKS_MAX);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const bool is_walk = sqlite3_column_type(row, MARK_WALK) != SQLITE_NULL;
		*vec_push(&plot->marks) = (struct mark){
			.at_ns = sqlite3_column_int64(row, MARK_AT),
			.dashes = is_walk ? "4 3" : "1 3",
			.text = is_walk ? arena_printf(
						  arena, "walk %lld of the heap",
						  (long long)sqlite3_column_int64(row, MARK_WALK))
					: arena_printf(
						  arena, "most of one %s: %s, %s",
						  sqlite3_column_text(row, MARK_KIND),
						  text_bytes(sqlite3_column_double(row, MARK_BYTES),
							     bytes),
						  sqlite3_column_text(row, MARK_ROUTE)),
		};
	}
	return query_finish(db, row, e);
}

/* Times of a file may be any: neither sum nor difference need have room in 64 bits. */
static int64_t until(int64_t at_ns, double every_ns)
{
	const double ns = (double)at_ns + 2.5 * fmax(0, every_ns) + 0.5 * (double)NS_PER_S;
	return ns < 0x1p63 ? (int64_t)ns : INT64_MAX;
}

static double ns_between(int64_t from_ns, int64_t to_ns)
{
	return (double)to_ns - (double)from_ns;
}

static enum err_kind read_seconds(sqlite3 *db, struct plot *plot, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, seconds_sql, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		bool is_new = false;
		const int64_t at_ns = sqlite3_column_int64(row, 1);
		uint64_t *index =
			map_put(&plot->process_of, (uint64_t)sqlite3_column_int64(row, 0), &is_new);
		if (is_new) {
			*index = plot->processes.count;
			vec_push(&plot->processes);
		}
		struct process *p = &plot->processes.items[*index];
		drop_ended(plot, at_ns);
		add_to_sum(plot, p, -1);
		for (int k = 0; k < LINES; k++) {
			plot->known[k] |= sqlite3_column_type(row, 2 + k) != SQLITE_NULL;
			p->bytes[k] = fmin(fmax(0, sqlite3_column_double(row, 2 + k)), 1e18);
		}
		/* one that is late is still there; one that has ended is not for long */
		p->until_ns = until(at_ns, sqlite3_column_double(row, 2 + LINES));
		add_to_sum(plot, p, 1);
		if (p->until_ns < plot->look_ns)
			plot->look_ns = p->until_ns;
		add_point(plot, at_ns);
	}
	return query_finish(db, row, e);
}

/* A power of two: it reads well in KiB, MiB and GiB. */
static double step_of(double most)
{
	const double wanted = most / GRID_Y;
	double step = 1;
	while (step < wanted)
		step *= 2;
	return step;
}

static void write_grid(const struct plot *plot, double seconds, double high, FILE *out)
{
	char text[TEXT_BYTES_SIZE];
	const double step = step_of(plot->most);
	for (int i = 0; i <= (int)lround(high / step); i++) {
		const double at = i * step;
		const double y = TOP + HIGH * (1 - at / high);
		fprintf(out,
			"<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			LEFT, LEFT + WIDE, y, y, LEFT - 6, y + 4, text_bytes(at, text));
	}
	for (int i = 0; i <= GRID_X; i++)
		fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.*f s</text>\n",
			LEFT + (double)WIDE * i / GRID_X, TOP + HIGH + 18, seconds < 60 ? 1 : 0,
			seconds * i / GRID_X);
}

static void write_line(const struct plot *plot, int k, int64_t first_ns, double span_ns,
		       double high, FILE *out)
{
	const size_t count = plot->points.count, every = count / POINTS_MAX + 1;
	fprintf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"",
		lines[k].colour);
	for (size_t i = 0; i < count; i++) {
		const struct point *p = &plot->points.items[i];
		if (i % every && i + 1 < count)
			continue;
		fprintf(out, "%.1f,%.1f ", LEFT + WIDE * ns_between(first_ns, p->at_ns) / span_ns,
			TOP + HIGH * (1 - p->bytes[k] / high));
	}
	fputs("\"/>\n", out);
}

/* Those that the picture has room for: others were before the first second, or after the last. */
static void write_marks(const struct plot *plot, int64_t first_ns, double span_ns, FILE *out)
{
	char clean[FRAME_TEXT_SIZE];
	for (size_t i = 0; i < plot->marks.count; i++) {
		const struct mark *mark = &plot->marks.items[i];
		const double part = ns_between(first_ns, mark->at_ns) / span_ns;
		if (!(part >= 0 && part <= 1))
			continue;
		const double x = LEFT + WIDE * part;
		fprintf(out,
			"<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" "
			"stroke=\"#555\" stroke-dasharray=\"%s\"><title>",
			x, x, TOP, TOP + HIGH, mark->dashes);
		frame_clean(mark->text, clean, sizeof clean);
		frame_xml(out, clean);
		/* beside its line, where a picture without a pointer has it */
		fprintf(out, "</title></line><text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">",
			part < 0.5 ? x + 4 : x - 4, TOP + 12 + 14 * (int)(i % 4),
			part < 0.5 ? "start" : "end");
		frame_xml(out, clean);
		fputs("</text>\n", out);
	}
}

static void write_plot(const struct plot *plot, int64_t started_ns, const char *command, FILE *out)
{
	char clean[FRAME_TEXT_SIZE], most[TEXT_BYTES_SIZE];
	const int wide = LEFT + WIDE + RIGHT, tall = TOP + HIGH + BOTTOM;
	const int64_t last_ns = plot->points.items[plot->points.count - 1].at_ns;
	const double span_ns = fmax(1, ns_between(started_ns, last_ns));
	const double step = step_of(plot->most), high = fmax(step, ceil(plot->most / step) * step);
	double x = LEFT;
	frame_clean(command, clean, sizeof clean);
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "
		"xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n<title>",
		wide, tall, wide, tall);
	frame_xml(out, clean);
	fputs("</title>\n<style>svg { background: #fff; font: 11px monospace; }</style>\n", out);
	fprintf(out, "<text x=\"%d\" y=\"20\" style=\"font-weight:bold\">", LEFT);
	frame_xml(out, clean);
	fprintf(out,
		"</text>\n<text x=\"%d\" y=\"38\">memory of %zu process%s over time; most: "
		"%s</text>\n",
		LEFT, plot->processes.count, plot->processes.count == 1 ? "" : "es, together",
		text_bytes(plot->most, most));
	for (int k = 0; k < LINES; k++) {
		if (!plot->known[k])
			continue;
		fprintf(out,
			"<rect x=\"%.0f\" y=\"47\" width=\"10\" height=\"10\" fill=\"%s\"/><text "
			"x=\"%.0f\" y=\"56\">%s</text>\n",
			x, lines[k].colour, x + 14, lines[k].label);
		x += 170;
	}
	write_grid(plot, span_ns / 1e9, high, out);
	for (int k = LINES - 1; k >= 0; k--)
		if (plot->known[k])
			write_line(plot, k, started_ns, span_ns, high, out);
	write_marks(plot, started_ns, span_ns, out);
	fputs("</svg>\n", out);
}

enum err_kind export_memory(const struct export_source *source, FILE *out, struct err *e)
{
	struct plot plot = {0};
	struct arena *arena = arena_new();
	const char *command;
	enum err_kind kind = export_check_heap(source->db, e);
	if (kind == ERR_OK)
		kind = export_command(source->db, arena, &command, e);
	if (kind == ERR_OK)
		kind = read_seconds(source->db, &plot, e);
	if (kind == ERR_OK)
		kind = read_marks(source->db, &plot, arena, e);
	const struct point *first = plot.points.items; /* NULL: there is none */
	if (kind == ERR_OK && !first)
		kind = ERR(e, ERR_INVALID,
			   "no second of memory was recorded; the run was too short");
	else if (kind == ERR_OK)
		write_plot(&plot, first->at_ns, command, out);
	vec_free(&plot.processes);
	vec_free(&plot.points);
	vec_free(&plot.marks);
	map_free(&plot.process_of);
	arena_free(arena);
	return kind;
}
