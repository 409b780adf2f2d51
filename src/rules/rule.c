#include "rules/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum key {
	KEY_ID,
	KEY_GROUP,
	KEY_NEEDS,
	KEY_EXCLUDES,
	KEY_FLOOR,
	KEY_LEVEL,
	KEY_SAVING,
	KEY_FIX,
	KEY_DOC,
	KEY_LIST,
	KEY_ORDER,
	KEY_UNITS,
	KEY_CORPUS,
	KEYS
};

static const struct {
	const char *name;
	bool optional;
} keys[KEYS] = {
	[KEY_ID] = {"id", false},         [KEY_GROUP] = {"group", false},
	[KEY_NEEDS] = {"needs", false},   [KEY_EXCLUDES] = {"excludes", false},
	[KEY_FLOOR] = {"floor", false},   [KEY_LEVEL] = {"level", false},
	[KEY_SAVING] = {"saving", false}, [KEY_FIX] = {"fix", false},
	[KEY_DOC] = {"doc", false},       [KEY_LIST] = {"list", true},
	[KEY_ORDER] = {"order", true},    [KEY_UNITS] = {"units", true},
	[KEY_CORPUS] = {"corpus", true},
};

#define VALUE_MAX 2000

struct header {
	struct str value[KEYS];
	bool seen[KEYS];
};

/* One line of the header, without its end. */
static enum err_kind take_line(const char *path, int number, const char *line, size_t length,
			       struct header *h, int *current, struct err *e)
{
	if (length >= 4 && !strncmp(line, "--  ", 4) && *current >= 0) {
		while (length > 2 && line[2] == ' ')
			line++, length--;
		str_add_char(&h->value[*current], ' ');
		str_add_bytes(&h->value[*current], line + 2, length - 2);
		return ERR_OK;
	}
	for (int k = 0; k < KEYS; k++) {
		size_t name = strlen(keys[k].name);
		if (length < 3 + name + 1 || strncmp(line, "-- ", 3) ||
		    strncmp(line + 3, keys[k].name, name) || line[3 + name] != ':')
			continue;
		if (k <= *current)
			return ERR(e, ERR_INVALID,
				   "%s:%d: key `%s` is twice or out of order; the order is that of "
				   "src/rules/README.md",
				   path, number, keys[k].name);
		size_t from = 3 + name + 1;
		while (from < length && line[from] == ' ')
			from++;
		str_add_bytes(&h->value[k], line + from, length - from);
		h->seen[k] = true;
		*current = k;
		return ERR_OK;
	}
	return ERR(
		e, ERR_INVALID,
		"%s:%d: the header has no key like \"%.*s\"; write `-- key: value` with a key of "
		"src/rules/README.md, and explanations below the header",
		path, number, (int)(length > 40 ? 40 : length), line);
}

static enum err_kind read_header(const char *path, const char *text, struct header *h,
				 const char **sql, struct err *e)
{
	int number = 1, current = -1;
	while (!strncmp(text, "--", 2)) {
		size_t length = strcspn(text, "\n");
		TRY(take_line(path, number, text, length, h, &current, e));
		text += length + (text[length] == '\n');
		number++;
	}
	for (int k = 0; k < KEYS; k++)
		if (!keys[k].optional && !h->seen[k])
			return ERR(e, ERR_INVALID,
				   "%s: the header lacks `-- %s:`; see "
				   "src/rules/README.md",
				   path, keys[k].name);
	*sql = text;
	return ERR_OK;
}

static enum err_kind number_of(const char *path, const struct header *h, enum key key,
			       double fallback, double *out, struct err *e)
{
	char *end;
	*out = h->seen[key] ? strtod(h->value[key].text, &end) : fallback;
	if (h->seen[key] && (end == h->value[key].text || *end))
		return ERR(e, ERR_INVALID, "%s: `%s: %s` is no number", path, keys[key].name,
			   h->value[key].text);
	return ERR_OK;
}

static void split_excludes(struct arena *arena, const char *text, struct rule *out)
{
	char *copy = arena_string(arena, text);
	out->excludes = arena_alloc(arena, (strlen(text) / 2 + 1) * sizeof *out->excludes);
	char *rest;
	for (char *word = strtok_r(copy, " ,", &rest); word; word = strtok_r(NULL, " ,", &rest))
		if (strcmp(word, "none"))
			out->excludes[out->exclude_count++] = word;
}

static enum err_kind fill(const char *path, const struct header *h, struct arena *arena,
			  struct rule *out, struct err *e)
{
	static const char *const levels[] = {"possible", "likely", "proven"};
	double order;
	out->path = arena_string(arena, path);
	out->id = arena_string(arena, h->value[KEY_ID].text);
	out->group = arena_string(arena, h->value[KEY_GROUP].text);
	out->needs = arena_string(arena, h->value[KEY_NEEDS].text);
	out->saving = arena_string(arena, h->value[KEY_SAVING].text);
	out->fix = arena_string(arena, h->value[KEY_FIX].text);
	out->gate = h->seen[KEY_LIST] && !strcmp(h->value[KEY_LIST].text, "gate");
	out->outside =
		out->gate || (h->seen[KEY_LIST] && !strcmp(h->value[KEY_LIST].text, "outside"));
	out->fails = h->seen[KEY_LIST] && !strcmp(h->value[KEY_LIST].text, "fails");
	out->will_fail = h->seen[KEY_LIST] && !strcmp(h->value[KEY_LIST].text, "will-fail");
	split_excludes(arena, h->value[KEY_EXCLUDES].text, out);
	TRY(number_of(path, h, KEY_FLOOR, 0, &out->floor, e));
	TRY(number_of(path, h, KEY_ORDER, 20, &order, e));
	TRY(number_of(path, h, KEY_UNITS, 1, &out->units, e));
	out->order = (int)order;
	for (int i = 0; i < 3; i++)
		if (!strcmp(levels[i], h->value[KEY_LEVEL].text))
			out->level = (enum confidence)(i + 1);
	if (!out->level)
		return ERR(e, ERR_INVALID, "%s: `level: %s`: write possible, likely or proven",
			   path, h->value[KEY_LEVEL].text);
	return ERR_OK;
}

enum err_kind rule_parse(const char *path, const char *text, struct arena *arena, struct rule *out,
			 struct err *e)
{
	struct header h = {0};
	*out = (struct rule){0};
	for (int k = 0; k < KEYS; k++)
		str_init(&h.value[k], VALUE_MAX);
	enum err_kind kind = read_header(path, text, &h, &out->sql, e);
	if (!kind)
		kind = fill(path, &h, arena, out, e);
	for (int k = 0; k < KEYS; k++)
		str_free(&h.value[k]);
	return kind;
}
