#include "case_file.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define FILE_MAX_BYTES (1 << 20)

const char *case_read_file(struct arena *arena, const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = arena_alloc(arena, FILE_MAX_BYTES);
	size_t length = in ? fread(text, 1, FILE_MAX_BYTES - 1, in) : 0;
	if (!in || !feof(in)) {
		fprintf(stderr, "cannot read %s\n", path);
		exit(2);
	}
	fclose(in);
	text[length] = '\0';
	return text;
}

static struct rule_case *begin_case(const char *path, const char *id, char *header,
				    struct rule_cases *out)
{
	static const char *const kinds[] = {"hit ", "near-miss ", "miss "};
	for (int k = 0; k < 3; k++)
		if (str_starts_with(header, kinds[k])) {
			struct rule_case *c = vec_push(&out->list);
			*c = (struct rule_case){id, (enum case_kind)k, header + strlen(kinds[k]),
						"", ""};
			return c;
		}
	fprintf(stderr, "%s: case \"%s\": begin with hit, near-miss or miss\n", path, header);
	exit(2);
}

static void load(const char *path, struct arena *arena, struct rule_cases *out)
{
	const char *name = strrchr(path, '/') + 1;
	char *id = arena_copy(arena, name, strlen(name) - strlen(".test.sql"));
	char *text = arena_string(arena, case_read_file(arena, path)), *rest;
	struct rule_case *c = NULL;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (str_starts_with(line, "-- case: ")) {
			c = begin_case(path, id, line + 9, out);
		} else if (c && str_starts_with(line, "-- expect: ")) {
			c->expected = arena_printf(arena, "%s%s\n", c->expected, line + 11);
		} else if (c) {
			c->sql = arena_printf(arena, "%s%s\n", c->sql, line);
		} else if (!str_starts_with(line, "--")) {
			fprintf(stderr, "%s: \"%s\" stands before the first `-- case:`\n", path,
				line);
			exit(2);
		}
	}
}

size_t case_files_load(const char *root, struct arena *arena, struct rule_cases *out)
{
	glob_t found = {0};
	glob(arena_printf(arena, "%s/src/rules/*/*.test.sql", root), 0, NULL, &found);
	size_t count = found.gl_pathc;
	for (size_t i = 0; i < count; i++)
		load(found.gl_pathv[i], arena, out);
	globfree(&found);
	return count;
}
