/* svg: a flame graph in one file, the root on top. It loads nothing: the script (flame.js) and the
 * style lie in it, and no text becomes markup: names are escaped here and set as textContent there.
 * Without a script it is a picture with tooltips.
 */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/vec.h"
#include "export/formats.h"
#include "export/frame.h"
#include "rules/embedded.h"
#include "view/text.h"

extern const struct embedded_file export_script[]; /* flame.js */

enum { WIDE = 1180, MARGIN = 10, ROW = 17, HEAD = 76, FOOT = 26, DEPTH_MAX = 512 };
#define CHARACTER 6.6          /* width of a monospace 11 px character; also in flame.js */
#define SHARE_MIN (0.2 / WIDE) /* narrower frames are not drawn */

struct page {
	const struct profile *p;
	enum profile_memory memory; /* what of it, if p->of_bytes */
	FILE *out;
	double whole;
	uint32_t rows;
};

struct box {
	uint32_t node;
	double x; /* part of the whole */
};

/* By code.kind; the last is every other. */
static const struct {
	const char *kind, *meaning;
	int red, green, blue;
} kinds[] = {
	{"app", "the application", 238, 116, 48},
	{"library", "libraries", 236, 190, 78},
	{"stdlib", "the standard library", 116, 182, 150},
	{"server", "the web server", 122, 160, 204},
	{"", "no file of its own", 190, 190, 190},
};

/* A colour a kind, its shade by the name, so that neighbours differ and the same name never does.
 */
static void colour(const struct profile_function *f, char out[8])
{
	size_t i = 0;
	while (*kinds[i].kind && strcmp(kinds[i].kind, f->kind) != 0)
		i++;
	uint64_t hash = 1;
	for (const char *c = f->name; *c; c++)
		hash = hash_mix64(hash ^ (unsigned char)*c);
	const int shade = (int)(hash % 36) - 18;
	snprintf(out, 8, "#%02x%02x%02x", (unsigned)(kinds[i].red + shade * 2 / 3),
		 (unsigned)(kinds[i].green + shade), (unsigned)(kinds[i].blue + shade));
}

/* As flame.js cuts it: as many characters as fit. */
static void label(FILE *out, const char *clean, double width)
{
	int fits = (int)((width - 6) / CHARACTER);
	if (fits < 3)
		return;
	char cut[FRAME_TEXT_SIZE];
	const bool is_cut = (int)text_columns(clean) > fits;
	size_t bytes = 0;
	for (int columns = 0; clean[bytes]; bytes++) {
		columns += ((unsigned char)clean[bytes] & 0xc0) != 0x80;
		if (is_cut && columns == fits)
			break;
	}
	memcpy(cut, clean, bytes);
	cut[bytes] = '\0';
	frame_xml(out, cut);
	if (is_cut)
		fputs("…", out);
}

/* The figures of a frame. */
static void write_sums(const struct page *page, const struct profile_node *node)
{
	char wall[TEXT_TIME_SIZE], cpu[TEXT_TIME_SIZE], own[TEXT_TIME_SIZE];
	if (page->p->of_bytes)
		fprintf(page->out, "%s, own %s", text_bytes(node->total.wall_ns, wall),
			text_bytes(node->own.wall_ns, own));
	else
		fprintf(page->out, "%s wall, %s CPU, own %s",
			text_time_ms(node->total.wall_ns / 1e6, wall),
			text_time_ms(node->total.cpu_ns / 1e6, cpu),
			text_time_ms(profile_weight(page->p, &node->own) / 1e6, own));
}

static void write_frame(const struct page *page, const struct box *box)
{
	const struct profile_node *node = &page->p->nodes[box->node];
	const struct profile_function *f = &page->p->functions[node->function];
	const double part = profile_weight(page->p, &node->total) / page->whole;
	const uint32_t depth = node->depth - 1;
	const double x = MARGIN + box->x * WIDE;
	const int y = HEAD + (int)depth * ROW;
	char name[FRAME_TEXT_SIZE], fill[8];
	frame_text(f, name);
	colour(f, fill);
	fprintf(page->out,
		"<g class=\"f\" data-x=\"%.9g\" data-w=\"%.9g\" data-d=\"%u\" data-name=\"", box->x,
		part, depth);
	frame_xml(page->out, name);
	fputs("\"><title>", page->out);
	frame_xml(page->out, name);
	fprintf(page->out, "\n%.2f %%, ", 100 * part);
	write_sums(page, node);
	fprintf(page->out,
		"</title><rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>"
		"<text x=\"%.2f\" y=\"%d\">",
		x, y, part * WIDE, ROW - 1, fill, x + 3, y + 12);
	label(page->out, name, part * WIDE);
	fputs("</text></g>\n", page->out);
}

/* Calls `visit` for each frame that is wide enough, in the order of the tree. */
static void walk(struct page *page, void (*visit)(const struct page *, const struct box *))
{
	const struct profile *p = page->p;
	VEC(struct box) open = {0};
	*vec_push(&open) = (struct box){0, 0};
	while (open.count) {
		const struct box at = open.items[--open.count];
		const struct profile_node *node = &p->nodes[at.node];
		if (at.node && node->depth > page->rows)
			page->rows = node->depth;
		if (at.node && visit)
			visit(page, &at);
		double x = at.x;
		const size_t first = open.count;
		for (uint32_t c = 0; c < node->child_count && node->depth < DEPTH_MAX; c++) {
			const uint32_t child = p->order[node->first_child + c];
			const double part = profile_weight(p, &p->nodes[child].total) / page->whole;
			if (part < SHARE_MIN)
				break; /* the rest is narrower still */
			*vec_push(&open) = (struct box){child, x};
			x += part;
		}
		/* the first child is taken first */
		for (size_t a = first, b = open.count; a + 1 < b; a++) {
			const struct box swap = open.items[a];
			open.items[a] = open.items[--b];
			open.items[b] = swap;
		}
	}
	vec_free(&open);
}

static const char style[] = "<style>\n"
			    "svg { background: #fff; font: 11px monospace; }\n"
			    "text { fill: #111; }\n"
			    ".f { cursor: pointer; }\n"
			    ".f text { pointer-events: none; }\n"
			    ".f:hover rect { stroke: #111; }\n"
			    ".f.above { opacity: 0.55; }\n"
			    ".f.hit rect { fill: #d34ce0; }\n"
			    ".b { cursor: pointer; fill: #0b57d0; }\n"
			    "</style>\n";

/* What a width and a colour say: in the file itself, as it travels alone. */
static void write_meaning(const struct page *page)
{
	static const char *const bytes[] = {
		[PROFILE_LIVE] = "live at the end",
		[PROFILE_PEAK] = "the most that was live of each stack, not all at one time",
		[PROFILE_MADE] = "allocated",
		[PROFILE_TEMPORARY] = "allocated and freed before its unit of work ended",
	};
	char whole[TEXT_TIME_SIZE];
	if (page->p->of_bytes)
		fprintf(page->out, "width: share of %s %s", text_bytes(page->whole, whole),
			bytes[page->memory]);
	else
		fprintf(page->out, "width: share of %s of %s time %s%s",
			text_time_ms(page->whole / 1e6, whole),
			page->p->clock == PROFILE_CPU ? "CPU" : "wall",
			page->p->in_units ? "in units of work" : "of all threads",
			page->p->clock == PROFILE_CPU ? ", waiting is not in it"
						      : ", waiting is in it");
}

static void write_legend(const struct page *page)
{
	double x = MARGIN;
	fprintf(page->out, "<text x=\"%d\" y=\"38\">", MARGIN);
	write_meaning(page);
	fputs("; under a function what it called, larger first: left to right is not "
	      "time</text>\n",
	      page->out);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		fprintf(page->out,
			"<rect x=\"%.2f\" y=\"47\" width=\"10\" height=\"10\" "
			"fill=\"#%02x%02x%02x\"/><text x=\"%.2f\" y=\"56\">%s</text>",
			x, (unsigned)kinds[i].red, (unsigned)kinds[i].green,
			(unsigned)kinds[i].blue, x + 14, kinds[i].meaning);
		x += 14 + CHARACTER * (double)(strlen(kinds[i].meaning) + 3);
	}
	fprintf(page->out,
		"<text x=\"%.2f\" y=\"56\">shades only tell neighbours apart; not drawn: below "
		"%.2f %%, deeper than %d</text>\n",
		x, 100 * SHARE_MIN, DEPTH_MAX);
}

static void write_page(struct page *page, const char *command)
{
	FILE *out = page->out;
	char clean[FRAME_TEXT_SIZE];
	walk(page, NULL);
	const int high = HEAD + (int)page->rows * ROW + FOOT, wide = WIDE + 2 * MARGIN;
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\" data-wide=\"%d\" data-left=\"%d\">\n<title>",
		wide, high, wide, high, WIDE, MARGIN);
	frame_clean(command, clean, sizeof clean);
	frame_xml(out, clean);
	fprintf(out, "</title>\n%s<text x=\"%d\" y=\"20\" style=\"font-weight:bold\">", style,
		MARGIN);
	frame_xml(out, clean);
	fputs("</text>\n", out);
	write_legend(page);
	fprintf(out,
		"<text id=\"reset\" class=\"b\" x=\"%d\" y=\"20\" style=\"display:none\">reset "
		"zoom</text><text id=\"search\" class=\"b\" x=\"%d\" y=\"20\">search (/)</text>"
		"<text id=\"clear\" class=\"b\" x=\"%d\" y=\"38\" "
		"style=\"display:none\">clear</text>"
		"<text id=\"matched\" x=\"%d\" y=\"38\"></text>\n",
		wide - 180, wide - 90, wide - 50, wide - 180);
	walk(page, write_frame);
	fprintf(out,
		"<text id=\"status\" x=\"%d\" y=\"%d\"></text>\n<script><![CDATA[\n%s]]></script>\n"
		"</svg>\n",
		MARGIN, high - 8, export_script[0].text);
}

enum err_kind export_svg(const struct export_source *source, FILE *out, struct err *e)
{
	struct arena *arena = arena_new();
	struct profile p;
	const char *command;
	enum err_kind kind = profile_read(source->db, source->filter, arena, &p, e);
	if (kind == ERR_OK)
		kind = export_command(source->db, arena, &command, e);
	if (kind == ERR_OK) {
		struct page page = {.p = &p,
				    .memory = source->filter->memory,
				    .out = out,
				    .whole = profile_weight(&p, &p.nodes[0].total)};
		if (page.whole <= 0)
			kind = ERR(e, ERR_INVALID,
				   "no time by this clock was sampled; try --clock wall");
		else
			write_page(&page, command);
	}
	arena_free(arena);
	return kind;
}
