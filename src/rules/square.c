#include "rules/square.h"

#include <stdbool.h>
#include <string.h>

#include "rules/blanked.h"
#include "rules/listed.h"

/* A longer line is none that somebody wrote, and each word of it would be looked for in it again.
 */
enum { LINE_BYTES = 1000 };
enum { TEXT_BYTES = 512 << 10, LOOPS_MAX = 8, NAMES_MAX = 12, NAME_BYTES = 64 };

#define IN_ROUNDS ", in each round of a loop"

struct piece {
	const char *from, *to;
};

struct source {
	const char *text; /* of the file, blanked */
	const char *line; /* the one that is asked for … */
	const char *def;  /* … and the head of its function */
	const char *end;  /* of the function */
};

/* A loop around the line, or within it. */
struct loop {
	struct piece names; /* what it gives in each round */
	struct piece over;
};

struct loops {
	struct loop all[LOOPS_MAX]; /* the innermost first */
	size_t count;
};

struct name {
	char text[NAME_BYTES]; /* with what it is an attribute of: "self.seen" */
	size_t length;
	const char *at;
};

static bool is_def(const char *line)
{
	return blanked_begins(line, "def ") || blanked_begins(line, "async def ");
}

static bool is_loop(const char *line)
{
	return blanked_begins(line, "for ") || blanked_begins(line, "async for ") ||
	       blanked_begins(line, "while ");
}

static bool has(struct piece p, const char *what)
{
	const size_t length = strlen(what);

	for (const char *c = p.from; c + length <= p.to; c++)
		if (!strncmp(c, what, length))
			return true;
	return false;
}

/* --- names --------------------------------------------------------------------------- */

/* The name that begins at `at`, with its attributes; empty: none does. */
static struct name name_at(const char *at, const char *to)
{
	struct name name = {.at = at};
	const char *end = at;

	if (end < to && *end >= '0' && *end <= '9')
		return name;
	while (end < to && (blanked_is_word(*end) || (*end == '.' && end > at)))
		end++;
	if ((size_t)(end - at) >= sizeof name.text)
		return name;
	name.length = (size_t)(end - at);
	memcpy(name.text, at, name.length);
	return name;
}

static bool is_name(const struct name *name, const char *text)
{
	return !strcmp(name->text, text);
}

/* Is it a method that is called? Then what it is called of is left, else nothing. */
static void without_call(struct name *name, const char *to)
{
	const char *next = name->at + name->length;
	char *dot = strrchr(name->text, '.');

	if (next >= to || *next != '(')
		return;
	name->length = dot ? (size_t)(dot - name->text) : 0;
	name->text[name->length] = '\0';
}

/* Names in a piece that say how long it is: of range(), only what len() is taken of. */
static size_t names_in(struct piece p, struct name *names)
{
	const bool of_range = has(p, "range(");
	size_t count = 0;

	for (const char *c = p.from; c < p.to && count < NAMES_MAX;) {
		if (!blanked_is_word(*c)) {
			c++;
			continue;
		}
		struct name name = name_at(c, p.to);
		const char *after = c + (name.length ? name.length : 1);
		const bool of_len = c >= p.from + 4 && !strncmp(c - 4, "len(", 4);
		without_call(&name, p.to);
		if (name.length && (!of_range || of_len))
			names[count++] = name;
		c = after;
	}
	return count;
}

static bool is_among(struct piece p, const char *text)
{
	for (const char *c = p.from; c < p.to;) {
		if (!blanked_is_word(*c)) {
			c++;
			continue;
		}
		const struct name name = name_at(c, p.to);
		if (name.length && is_name(&name, text))
			return true;
		c += name.length ? name.length : 1;
	}
	return false;
}

/* --- loops --------------------------------------------------------------------------- */

/* The end of what is looped over: where a bracket closes that opened before, a condition, another
 * loop. */
static const char *over_end(const char *from, const char *to)
{
	int depth = 0;

	for (const char *c = from; c < to; c++) {
		if (strchr("([{", *c))
			depth++;
		else if (strchr(")]}", *c) && --depth < 0)
			return c;
		else if (depth == 0 && (*c == ':' || (*c == ' ' && (!strncmp(c, " if ", 4) ||
								    !strncmp(c, " for ", 5)))))
			return c;
	}
	return to;
}

static void add_loop(struct loops *loops, const char *head, const char *to)
{
	const char *in = blanked_find_word(head, to, "in");

	if (loops->count == LOOPS_MAX)
		return;
	struct loop *loop = &loops->all[loops->count++];
	*loop = (struct loop){{to, to}, {to, to}}; /* while: over nothing that is said */
	if (!in)
		return;
	loop->names = (struct piece){head, in};
	loop->over = (struct piece){in + 2, over_end(in + 2, to)};
}

/* Brackets that are open at `at`. */
static int depth_at(const char *line, const char *at)
{
	int depth = 0;

	for (const char *c = line; c < at; c++)
		depth += strchr("([{", *c) ? 1 : strchr(")]}", *c) ? -1 : 0;
	return depth;
}

/* The next of the line's loops, from the innermost: in the deepest brackets, the last of these. */
static const char *take_innermost(const char *line, const char **heads, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (!heads[best] ||
		    (heads[i] && depth_at(line, heads[i]) >= depth_at(line, heads[best])))
			best = i;
	const char *head = heads[best];
	heads[best] = NULL;
	return head;
}

/* Loops within the line (comprehensions), then those around it. */
static void find_loops(const struct source *s, struct loops *loops)
{
	const char *end = blanked_line_end(s->line);
	const char *heads[LOOPS_MAX];
	size_t count = 0, indent = blanked_indent(s->line);

	for (const char *c = s->line; count < LOOPS_MAX && (c = blanked_find_word(c, end, "for"));
	     c += 3)
		heads[count++] = c + 3;
	for (size_t i = 0; i < count; i++)
		add_loop(loops, take_innermost(s->line, heads, count), end);
	if (blanked_begins(s->line, "while "))
		add_loop(loops, end, end);
	for (const char *line = blanked_line_before(s->text, s->line); line && line > s->def;
	     line = blanked_line_before(s->text, line)) {
		if (blanked_is_empty(line) || blanked_indent(line) >= indent)
			continue;
		indent = blanked_indent(line);
		const char *head = blanked_find_word(line, blanked_line_end(line), "for");
		if (is_loop(line))
			add_loop(loops, head ? head + 3 : blanked_line_end(line),
				 blanked_line_end(line));
	}
}

/* Does the inner one run in each round of the outer one? What the outer one goes over is made
 * before. */
static bool is_within(const struct loop *inner, const struct loop *outer)
{
	return inner->names.from < outer->over.from || inner->names.from >= outer->over.to;
}

/* What a loop and one around it both go over; empty: nothing. */
static struct name over_twice(const struct loops *loops)
{
	struct name inner[NAMES_MAX], outer[NAMES_MAX];

	for (size_t i = 0; i < loops->count; i++)
		for (size_t o = i + 1; o < loops->count; o++) {
			if (!is_within(&loops->all[i], &loops->all[o]))
				continue;
			const size_t ni = names_in(loops->all[i].over, inner);
			const size_t no = names_in(loops->all[o].over, outer);
			for (size_t a = 0; a < ni; a++)
				for (size_t b = 0; b < no; b++) {
					bool given = false;
					for (size_t k = 0; k < loops->count; k++)
						given = given || is_among(loops->all[k].names,
									  inner[a].text);
					if (!given && is_name(&inner[a], outer[b].text))
						return inner[a];
				}
		}
	return (struct name){0};
}

/* --- what the line does --------------------------------------------------------------- */

/* Does this `in` belong to a `for`? */
static bool is_of_for(const char *line, const char *in)
{
	const char *last = NULL;

	for (const char *c = line; (c = blanked_find_word(c, in, "for")); c += 3)
		last = c;
	return last && !blanked_find_word(last, in, "in");
}

/* Does the value name what is given? */
static bool is_made_of(struct piece value, struct piece given)
{
	char word[NAME_BYTES];

	for (const char *c = value.from; c < value.to; c++) {
		size_t length = 0;
		if (!blanked_is_word(*c) || blanked_is_word(c[-1]) || c[-1] == '.')
			continue;
		while (c + length < value.to && blanked_is_word(c[length]))
			length++;
		if (length >= sizeof word)
			continue;
		memcpy(word, c, length);
		word[length] = 0;
		if (strcmp(word, "self") != 0 && blanked_find_word(given.from, given.to, word))
			return true;
	}
	return false;
}

/* Is it a list of each round's own, or each call's, made of what that is given? To make it takes as
 * long as to walk it. */
static bool is_made_anew(const struct source *s, const struct loops *loops, const char *name)
{
	const struct piece given = loops->count ? loops->all[0].names
						: (struct piece){s->def, blanked_line_end(s->def)};
	const char *made = listed_made_of(blanked_next_line(given.from), s->line,
					  blanked_indent(s->line), name);

	return made && is_made_of((struct piece){made, blanked_line_end(made)}, given);
}

static const char *searches(struct arena *arena, const struct source *s, const struct loops *loops,
			    const char *when)
{
	const char *end = blanked_line_end(s->line);

	for (const char *in = s->line; (in = blanked_find_word(in, end, "in")); in += 2) {
		const struct name name = name_at(in + 2 + blanked_indent(in + 2), end);
		const char *after = name.at + name.length;
		if (name.length && *after != '(' && *after != '[' && !is_of_for(s->line, in) &&
		    !is_made_anew(s, loops, name.text) &&
		    listed(s->text, s->def, s->end, name.text))
			return arena_printf(arena, "`in %s` walks a list from its start%s",
					    name.text, when);
	}
	return NULL;
}

static const char *calls(struct arena *arena, const struct source *s, const struct loops *loops)
{
	static const struct {
		const char *method;
		bool moves;
	} methods[] = {{".pop(0)", true},
		       {".insert(0,", true},
		       {".index(", false},
		       {".count(", false},
		       {".remove(", false}};
	const char *end = blanked_line_end(s->line);

	for (const char *c = s->line; c < end; c++) {
		if (!blanked_is_word(*c) ||
		    (c > s->line && (blanked_is_word(c[-1]) || c[-1] == '.')))
			continue;
		struct name name = name_at(c, end);
		without_call(&name, end);
		for (size_t i = 0; name.length && i < sizeof methods / sizeof *methods; i++) {
			if (strncmp(c + name.length, methods[i].method,
				    strlen(methods[i].method)) != 0 ||
			    is_made_anew(s, loops, name.text))
				continue;
			bool looped = listed(s->text, s->def, s->end, name.text);
			for (size_t k = 0; k < loops->count; k++)
				looped = looped || is_among(loops->all[k].over, name.text);
			if (methods[i].moves)
				return arena_printf(
					arena,
					"%s%s moves all that is behind, in each round of a loop",
					name.text, i == 0 ? ".pop(0)" : ".insert(0, …)");
			if (looped)
				return arena_printf(
					arena,
					"%s%s…) walks it from its start, in each round of a loop",
					name.text, methods[i].method);
		}
	}
	return NULL;
}

/* Where the bracket that opens at `at` closes; `to`: nowhere. */
static const char *bracket_end(const char *at, const char *to)
{
	int depth = 0;

	for (const char *c = at; c < to; c++) {
		if (strchr("([{", *c))
			depth++;
		else if (strchr(")]}", *c) && --depth == 0)
			return c + 1;
	}
	return to;
}

static bool gives(const struct loop *loop, const struct name *root)
{
	char first[NAME_BYTES];

	memcpy(first, root->text, sizeof first);
	first[strcspn(first, ".")] = '\0';
	return *first && is_among(loop->names, first);
}

/* Is it a collection that is made of another one? */
static bool is_made(struct piece value)
{
	static const char *const makers[] = {"list(", "sorted(", "set(", "tuple(", "frozenset("};

	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (!strncmp(value.from, makers[i], strlen(makers[i])))
			return true;
	return (*value.from == '[' || *value.from == '{') &&
	       blanked_find_word(value.from, value.to, "for") != NULL;
}

/* What is made where it is searched, of nothing that the loop around both gives. */
static const char *makes(struct arena *arena, const struct source *s, const struct loops *loops)
{
	const char *end = blanked_line_end(s->line);
	struct name names[NAMES_MAX];

	for (const char *in = s->line; (in = blanked_find_word(in, end, "in")); in += 2) {
		const char *at = in + 2 + blanked_indent(in + 2);
		const struct piece made = {at, bracket_end(at + strcspn(at, "([{\n"), end)};
		if (is_of_for(s->line, in) || !is_made(made))
			continue;
		const size_t count = names_in(made, names);
		bool is_looped = false, is_part = false;
		for (size_t k = 0; k < loops->count; k++) {
			const struct loop *loop = &loops->all[k];
			if (loop->names.from >= made.from && loop->names.from < made.to)
				continue; /* its own */
			is_looped = true;
			for (size_t n = 0; n < count; n++)
				is_part = is_part || gives(loop, &names[n]);
		}
		if (is_looped && !is_part)
			return arena_printf(arena, "what `in` searches is made for it, in each "
						   "round of a loop");
	}
	return NULL;
}

/* The first name of what stands before `to`, or after `from`, in a comparison. */
static struct name root_before(const char *from, const char *to)
{
	const char *c = to;
	int depth = 0;

	while (c > from && c[-1] == ' ')
		c--;
	const char *end = c;
	for (; c > from && (depth > 0 || !strchr(" ([{,=!<>+-*/%", c[-1])); c--)
		depth += strchr(")]}", c[-1]) ? 1 : strchr("([{", c[-1]) ? -1 : 0;
	return name_at(c, end);
}

static struct name root_after(const char *from, const char *to)
{
	while (from < to && *from == ' ')
		from++;
	return name_at(from, to);
}

static bool is_counted(const struct loop *loop)
{
	return has(loop->over, "range(") || has(loop->over, "enumerate(");
}

/* Does `==` compare all that one loop goes over with what a loop around it gives? Not where they
 * are counted: that is a table of both. */
static const char *joins(struct arena *arena, const struct source *s, const struct loops *loops)
{
	const char *end = blanked_line_end(s->line);
	struct name over[NAMES_MAX];

	for (const char *c = s->line; c + 2 < end; c++) {
		if (c[0] != '=' || c[1] != '=')
			continue;
		const struct name left = root_before(s->line, c), right = root_after(c + 2, end);
		for (size_t i = 0; i < loops->count; i++) {
			const struct loop *inner = &loops->all[i];
			const struct name *other = gives(inner, &left)    ? &right
						   : gives(inner, &right) ? &left
									  : NULL;
			const size_t count = names_in(inner->over, over);
			if (!other || gives(inner, other) || count == 0 || is_counted(inner))
				continue;
			bool is_part = false, is_joined = false; /* of what is around */
			for (size_t o = i + 1; o < loops->count; o++) {
				if (!is_within(inner, &loops->all[o]))
					continue;
				for (size_t k = 0; k < count; k++)
					is_part = is_part || gives(&loops->all[o], &over[k]);
				is_joined = is_joined || (gives(&loops->all[o], other) &&
							  !is_counted(&loops->all[o]));
			}
			if (is_joined && !is_part)
				return arena_printf(
					arena,
					"`==` looks through all of %s, in each round of a loop",
					over[0].text);
		}
	}
	return NULL;
}

/* The function that the line is in. False: none. */
static bool find_function(struct source *s)
{
	size_t indent = blanked_indent(s->line);

	for (const char *line = blanked_line_before(s->text, s->line); line && !s->def;
	     line = blanked_line_before(s->text, line)) {
		if (blanked_is_empty(line) || blanked_indent(line) >= indent)
			continue;
		indent = blanked_indent(line);
		if (is_def(line))
			s->def = line;
	}
	if (!s->def)
		return false;
	s->end = blanked_next_line(s->def);
	while (*s->end && (blanked_is_empty(s->end) || blanked_indent(s->end) > indent ||
			   blanked_begins(s->end, ")")))
		s->end = blanked_next_line(s->end);
	return true;
}

/* False: there is no such line, or it is in no function. */
static bool read_source(struct arena *arena, const char *text, int line, struct source *s)
{
	const size_t length = strnlen(text, TEXT_BYTES);
	char *copy = arena_copy(arena, text, length);

	blanked(copy, length);
	for (char *c = copy; (c = strchr(c, BLANKED_NEWLINE));)
		*c = '\n';
	*s = (struct source){.text = copy, .line = blanked_line(copy, line)};
	return line >= 1 && !blanked_is_empty(s->line) &&
	       blanked_line_end(s->line) - s->line <= LINE_BYTES && find_function(s);
}

const char *square_source(struct arena *arena, const char *text, int line)
{
	struct source s;
	struct loops loops = {.count = 0};

	if (!read_source(arena, text, line, &s))
		return NULL;
	find_loops(&s, &loops);
	if (loops.count == 0)
		return NULL;
	const char *words = searches(arena, &s, &loops, IN_ROUNDS);
	if (!words)
		words = calls(arena, &s, &loops);
	if (!words)
		words = makes(arena, &s, &loops);
	const struct name twice = over_twice(&loops);
	if (!words && twice.length)
		words = arena_printf(arena, "a loop over %s runs in each round of a loop over it",
				     twice.text);
	return words ? words : joins(arena, &s, &loops);
}

const char *square_searched(struct arena *arena, const char *text, int line)
{
	struct source s;
	struct loops loops = {.count = 0};

	if (!read_source(arena, text, line, &s))
		return NULL;
	find_loops(&s, &loops);
	return loops.count ? NULL : searches(arena, &s, &loops, "");
}
