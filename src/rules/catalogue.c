#include "rules/catalogue.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "rules/embedded.h"

#define RULE_FILE_MAX (64 * 1024)

struct rules {
	VEC(struct rule) list;
};

static enum err_kind add(struct rules *all, const char *path, const char *text, struct arena *arena,
			 struct err *e)
{
	struct rule rule;
	TRY(rule_parse(path, text, arena, &rule, e));
	for (size_t i = 0; i < all->list.count; i++)
		if (!strcmp(all->list.items[i].id, rule.id)) {
			all->list.items[i] = rule;
			return ERR_OK;
		}
	*vec_push(&all->list) = rule;
	return ERR_OK;
}

static enum err_kind add_file(struct rules *all, const char *path, struct arena *arena,
			      struct err *e)
{
	FILE *in = fopen(path, "re");
	if (!in)
		return ERR(e, ERR_SYSTEM, "cannot read the rule %s", path);
	char *text = arena_alloc(arena, RULE_FILE_MAX + 1);
	size_t length = fread(text, 1, RULE_FILE_MAX, in);
	bool whole = feof(in);
	fclose(in);
	if (!whole)
		return ERR(e, ERR_LIMIT, "%s is longer than %d bytes; a rule has 60 lines at most",
			   path, RULE_FILE_MAX);
	text[length] = '\0';
	return add(all, path, text, arena, e);
}

static enum err_kind add_folder(struct rules *all, const char *dir, struct arena *arena,
				struct err *e)
{
	glob_t found = {0};
	int first = glob(arena_printf(arena, "%s/*.sql", dir), 0, NULL, &found);
	int second =
		glob(arena_printf(arena, "%s/*/*.sql", dir), first ? 0 : GLOB_APPEND, NULL, &found);
	enum err_kind kind = ERR_OK;
	if (first && second)
		kind = ERR(e, ERR_USAGE,
			   "--rules %s: no .sql file there; a rule is one file, see "
			   "docs/adding-a-cause.md",
			   dir);
	for (size_t i = 0; !kind && i < found.gl_pathc; i++)
		if (!str_ends_with(found.gl_pathv[i], ".test.sql"))
			kind = add_file(all, found.gl_pathv[i], arena, e);
	globfree(&found);
	return kind;
}

enum err_kind catalogue_load(const char *dir, struct arena *arena, struct catalogue *out,
			     struct err *e)
{
	struct rules all = {0};
	enum err_kind kind = ERR_OK;
	for (const struct embedded_file *f = embedded_rules; !kind && f->path; f++)
		kind = add(&all, f->path, f->text, arena, e);
	if (!kind && dir)
		kind = add_folder(&all, dir, arena, e);
	out->count = all.list.count;
	out->rules = arena_alloc(arena, (out->count + 1) * sizeof *out->rules);
	if (out->count)
		memcpy(out->rules, all.list.items, out->count * sizeof *out->rules);
	vec_free(&all.list);
	return kind;
}
