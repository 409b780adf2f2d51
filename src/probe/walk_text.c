#include "probe/walk_text.h"

#include <stddef.h>

struct texts {
	const char *bytes;
	uint32_t length;
};

/* Root: what it is called in the recording, what stands before and after its label, and instead of
 * one that is not known. */
static const struct root_row {
	uint32_t kind;
	const char *name, *before, *after, *unknown;
} roots[] = {
	{WALK_MODULE, "module", "", "", "(a module)"},
	{WALK_CLASS, "class", "", "", "(a class)"},
	{WALK_FRAME, "frame", "", "() that runs: ", "(a frame that runs): "},
	{WALK_CACHE, "cache", "functools.lru_cache of ", "", "functools.lru_cache"},
	{WALK_SUSPENDED, "suspended", "", "(), suspended: ", "(a suspended frame): "},
	{WALK_THREAD, "thread", "", "", "(a thread's state)"},
	{WALK_C_HOLDER, "c", "", "", "(held by C code)"},
	{WALK_NO_HOLDER, "none", "", "", "(a cycle, not yet collected)"},
	{WALK_TOO_FAR, "far", "", "", "(not followed further)"},
};

/* Step: with a label, with an index, with neither; %s or %llu stands for it. */
static const struct step_row {
	uint32_t kind;
	const char *before, *after;             /* around the label … */
	const char *bare;                       /* … or this, where there is none */
	const char *before_index, *after_index; /* around the index, where there is one; or NULL */
} steps[] = {
	{WALK_VARIABLE, ".", "", ".…", NULL, NULL},
	{WALK_KEY, "['", "']", "[…]", NULL, NULL},
	{WALK_IS_KEY, "", "", ", a key", NULL, NULL},
	{WALK_INDEX, "", "", "[…]", "[", "]"},
	{WALK_MEMBER, "", "", "{…}", NULL, NULL},
	{WALK_ATTRIBUTE, ".", "", ".…", NULL, NULL},
	{WALK_CLOSURE, ".__closure__['", "']", ".__closure__[…]", NULL, NULL},
	{WALK_DEFAULT, ".__kwdefaults__['", "']", ".__defaults__[…]", ".__defaults__[", "]"},
	{WALK_LOCAL, ".f_locals['", "']", ".f_locals[…]", NULL, NULL},
	{WALK_BOUND, "", "", ".__self__", NULL, NULL},
	{WALK_TRACEBACK, "", "", ".__traceback__.tb_frame", NULL, NULL},
	{WALK_THREAD_LOCAL, ".", " (thread-local)", ".… (thread-local)", NULL, NULL},
	{WALK_IN_C, "", "", "→", NULL, NULL},
	{WALK_CONTEXT, ", context variable ", "", ", a context variable", NULL, NULL},
};

const char *walk_root_name(uint32_t kind)
{
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (roots[i].kind == kind)
			return roots[i].name;
	return NULL;
}

static bool has_label(const struct walk_edge *edge, const struct texts *texts)
{
	return edge->label.length && edge->label.at <= texts->length &&
	       edge->label.length <= texts->length - edge->label.at;
}

static void add_label(const struct walk_edge *edge, const struct texts *texts, const char *before,
		      const char *after, const char *instead, struct str *out)
{
	if (!has_label(edge, texts)) {
		str_add(out, instead);
		return;
	}
	str_add(out, before);
	str_add_bytes(out, texts->bytes + edge->label.at, edge->label.length);
	str_add(out, after);
}

static void add_cache(const struct walk_edge *edge, struct str *out)
{
	if (edge->numbers[0] == WALK_UNKNOWN)
		str_add(out, " (maxsize=None");
	else
		str_printf(out, " (maxsize=%llu", (unsigned long long)edge->numbers[0]);
	if (edge->length != WALK_UNKNOWN)
		str_printf(out, ", %llu entries", (unsigned long long)edge->length);
	str_printf(out, ", %llu hits)", (unsigned long long)edge->numbers[1]);
}

static void add_root(const struct walk_edge *edge, const struct texts *texts, struct str *out)
{
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (roots[i].kind == edge->kind)
			add_label(edge, texts, roots[i].before, roots[i].after, roots[i].unknown,
				  out);
	if (edge->kind == WALK_CACHE)
		add_cache(edge, out);
}

static const struct step_row *step_of(uint32_t kind)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i].kind == kind)
			return &steps[i];
	return NULL;
}

static void add_step(const struct walk_edge *edge, const struct texts *texts, bool is_first,
		     uint32_t root, struct str *out)
{
	const struct step_row *step = step_of(edge->kind);
	/* a frame's own variable needs no more than its name; what a cache has needs none */
	if (is_first && (root == WALK_FRAME || root == WALK_SUSPENDED))
		add_label(edge, texts, "", "", "…", out);
	else if (is_first && root == WALK_CACHE && edge->kind == WALK_KEY)
		return;
	else if (!step)
		str_add(out, "?");
	else if (step->before_index && edge->index != WALK_UNKNOWN)
		str_printf(out, "%s%llu%s", step->before_index, (unsigned long long)edge->index,
			   step->after_index);
	else
		add_label(edge, texts, step->before, step->after, step->bare, out);
}

void walk_text_write(const struct walk_edge *edges, uint32_t count, const char *text,
		     uint32_t text_bytes, struct str *out)
{
	const struct texts texts = {text, text_bytes};
	add_root(&edges[0], &texts, out);
	for (uint32_t i = 1; i < count; i++)
		add_step(&edges[i], &texts, i == 1, edges[0].kind, out);
}
