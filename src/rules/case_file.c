#include "rules/case_file.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define FILE_MAX_BYTES (1 << 20)

static const char suffix[] = ".test.sql";

enum err_kind case_file_read(const char *path, struct arena *arena, const char **out, struct err *e)
{
	FILE *in = fopen(path, "re");
	if (!in)
		return ERR(e, ERR_SYSTEM, "cannot read %s", path);
	char *text = arena_alloc(arena, FILE_MAX_BYTES + 1);
	size_t length = fread(text, 1, FILE_MAX_BYTES, in);
	bool whole = feof(in);
	fclose(in);
	if (!whole)
		return ERR(e, ERR_LIMIT, "%s is longer than %d bytes", path, FILE_MAX_BYTES);
	text[length] = '\0';
	*out = text;
	return ERR_OK;
}

static enum err_kind begin_case(const char *path, const char *id, char *header,
				struct rule_cases *out, struct err *e)
{
	static const char *const kinds[] = {"hit ", "near-miss ", "miss "};
	for (int k = 0; k < 3; k++)
		if (str_starts_with(header, kinds[k])) {
			*vec_push(&out->list) =
				(struct rule_case){.rule = id,
						   .kind = (enum case_kind)k,
						   .name = header + strlen(kinds[k]),
						   .sql = "",
						   .expected = ""};
			return ERR_OK;
		}
	return ERR(e, ERR_INVALID, "%s: case \"%.60s\": begin with hit, near-miss or miss", path,
		   header);
}

static enum err_kind take_line(const char *path, const char *id, char *line, struct arena *arena,
			       struct rule_cases *out, size_t before, struct err *e)
{
	struct rule_case *c =
		out->list.count > before ? &out->list.items[out->list.count - 1] : NULL;
	if (str_starts_with(line, "-- case: "))
		return begin_case(path, id, line + 9, out, e);
	if (!c && !str_starts_with(line, "--"))
		return ERR(e, ERR_INVALID, "%s: \"%.60s\" stands before the first `-- case:`", path,
			   line);
	if (!c)
		return ERR_OK;
	if (str_starts_with(line, "-- expect: "))
		c->expected = arena_printf(arena, "%s%s\n", c->expected, line + 11);
	else if (str_starts_with(line, "-- says: "))
		*vec_push(&c->says) = (struct said){false, line + 9};
	else if (str_starts_with(line, "-- says not: "))
		*vec_push(&c->says) = (struct said){true, line + 13};
	else
		c->sql = arena_printf(arena, "%s%s\n", c->sql, line);
	return ERR_OK;
}

enum err_kind case_file_parse(const char *path, const char *text, struct arena *arena,
			      struct rule_cases *out, struct err *e)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	if (!str_ends_with(name, suffix))
		return ERR(e, ERR_INVALID, "%s: cases are in files named ID%s", path, suffix);
	const char *id = arena_copy(arena, name, strlen(name) - strlen(suffix));
	const size_t before = out->list.count;
	char *copy = arena_string(arena, text), *rest;
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		TRY(take_line(path, id, line, arena, out, before, e));
	return ERR_OK;
}

void case_file_free(struct rule_cases *cases)
{
	for (size_t i = 0; i < cases->list.count; i++)
		vec_free(&cases->list.items[i].says);
	vec_free(&cases->list);
}
