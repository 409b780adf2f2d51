#include "recording/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "python/kind.h"
#include "python/lines.h"
#include "recording/rows.h"

struct code {
	uint8_t *line_table;
	uint32_t line_table_bytes;
	int32_t first_line;
	uint8_t line_format;
	bool is_app;
	bool is_pool;
	bool is_loop;
	bool is_selector;
};

struct stack {
	uint32_t depth;
	uint32_t app_id;
	bool in_pool;
	bool in_loop;
};

/* A frame under its caller, as the key of the trie. */
struct frame_key {
	uint32_t parent;
	uint32_t code;
	uint32_t instr_offset;
};

struct names {
	struct recording *recording;
	char *app_path;
	struct intern *texts;
	struct intern *codes;          /* by content: two keyed hashes */
	struct intern *stacks;         /* by struct frame_key */
	VEC(struct code) code_facts;   /* id - 1 */
	VEC(struct stack) stack_facts; /* id - 1 */
	uint64_t bytes;
	uint64_t refused;
	uint64_t key[4];
};

/* Files of connection pools: where a thread waits for a connection of the pool. */
static const char *const pool_files[] = {
	"/sqlalchemy/pool/", "/sqlalchemy/util/queue.py",   "/psycopg_pool/",   "/psycopg2/pool.py",
	"/asyncpg/pool.py",  "/mysql/connector/pooling.py", "/pymongo/pool.py", "/aiomysql/pool.py",
	"/dbutils/",         "/redis/connection.py",
};

struct names *names_new(struct recording *recording)
{
	struct names *names = mem_alloc(sizeof *names);
	names->recording = recording;
	names->texts = intern_new();
	names->codes = intern_new();
	names->stacks = intern_new();
	sqlite3_randomness(sizeof names->key, names->key);
	return names;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->code_facts.count; i++)
		free(names->code_facts.items[i].line_table);
	vec_free(&names->code_facts);
	vec_free(&names->stack_facts);
	intern_free(names->texts);
	intern_free(names->codes);
	intern_free(names->stacks);
	free(names->app_path);
	free(names);
}

void names_set_app_path(struct names *names, const char *path)
{
	free(names->app_path);
	names->app_path = NULL;
	if (!path)
		return;
	names->app_path = mem_alloc(strlen(path) + 1);
	memcpy(names->app_path, path, strlen(path));
}

static bool has_room(struct names *names, uint32_t count, uint32_t max, size_t bytes)
{
	const bool room = count < max && names->bytes + bytes <= NAMES_BYTES_MAX;
	if (!room)
		names->refused++;
	return room;
}

static void clean(char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t size = text[i] ? utf8_length((unsigned char *)text + i, length - i) : 0;
		if (size == 0)
			text[i] = '?';
		i += size ? size : 1;
	}
}

uint32_t names_text(struct names *names, const char *bytes, size_t length)
{
	enum { TEXT_MAX = 8192 };
	char text[TEXT_MAX];
	bool is_new = false;
	const size_t kept = length < TEXT_MAX ? length : TEXT_MAX;
	memcpy(text, bytes, kept);
	clean(text, kept);
	if (!has_room(names, intern_count(names->texts), NAMES_TEXTS_MAX, kept))
		return 0;
	const uint32_t id = intern_id(names->texts, text, kept, &is_new);
	if (is_new) {
		names->bytes += kept;
		struct row row = row_begin(names->recording, ROW_TEXT);
		row_int(&row, id);
		row_text(&row, text, kept);
		row_end(&row);
	}
	return id;
}

const char *names_text_of(const struct names *names, uint32_t text, size_t *length)
{
	return intern_text(names->texts, text, length);
}

static bool is_pool_file(const char *filename)
{
	for (size_t i = 0; i < sizeof pool_files / sizeof *pool_files; i++)
		if (strstr(filename, pool_files[i]))
			return true;
	return false;
}

static bool ends_with(const char *text, const char *end)
{
	const size_t length = strlen(text), of_end = strlen(end);
	return length >= of_end && strcmp(text + length - of_end, end) == 0;
}

static void write_code(struct names *names, uint32_t id, const struct dict_code *code)
{
	char *filename = mem_alloc(code->filename_length + 1);
	char *qualname = mem_alloc(code->qualname_length + 1);
	memcpy(filename, code->bytes, code->filename_length);
	memcpy(qualname, code->bytes + code->filename_length, code->qualname_length);
	clean(filename, code->filename_length);
	clean(qualname, code->qualname_length);
	const char *table = code->bytes + code->filename_length + code->qualname_length;
	const enum code_kind kind = code_kind_of(filename, code->filename_length, names->app_path,
						 names->app_path ? strlen(names->app_path) : 0);

	struct code *facts = vec_push(&names->code_facts);
	*facts = (struct code){
		.line_table = mem_alloc(code->line_table_length),
		.line_table_bytes = code->line_table_length,
		.first_line = code->first_line,
		.line_format = (uint8_t)code->line_table_format,
		.is_app = kind == CODE_APP,
		.is_pool = is_pool_file(filename),
		.is_loop = ends_with(filename, "/asyncio/base_events.py"),
		.is_selector = ends_with(filename, "/selectors.py"),
	};
	memcpy(facts->line_table, table, code->line_table_length);
	names->bytes += code->line_table_length;

	struct row row = row_begin(names->recording, ROW_CODE);
	row_int(&row, id);
	row_text(&row, filename, code->filename_length);
	row_text(&row, qualname, code->qualname_length);
	row_int(&row, code->first_line);
	row_string(&row, code_kind_name(kind));
	row_int(&row, code->line_table_format);
	row_blob(&row, table, code->line_table_length);
	row_end(&row);
	free(filename);
	free(qualname);
}

uint32_t names_code(struct names *names, const struct dict_code *code)
{
	/* The local id comes first in the struct and is no part of the content. */
	const char *content = (const char *)&code->first_line;
	const size_t size = sizeof *code - offsetof(struct dict_code, first_line) +
			    code->filename_length + code->qualname_length + code->line_table_length;
	const uint64_t hashes[2] = {
		hash_siphash(content, size, names->key),
		hash_siphash(content, size, names->key + 2),
	};
	bool is_new = false;
	if (!has_room(names, intern_count(names->codes), NAMES_CODES_MAX, code->line_table_length))
		return 0;
	const uint32_t id = intern_id(names->codes, (const char *)hashes, sizeof hashes, &is_new);
	if (is_new)
		write_code(names, id, code);
	return id;
}

/* Of what the compiler added by itself (PEP 626: no line), the line before it: nobody can look at
 * line 0. */
static int32_t line_at(const struct code *of, uint32_t instr_offset)
{
	enum { INSTRUCTION_BYTES = 2, BACK_MAX = 64 };
	for (uint32_t back = 0; back < BACK_MAX && back <= instr_offset;
	     back += INSTRUCTION_BYTES) {
		const uint32_t line =
			lines_find((enum py_line_format)of->line_format, of->line_table,
				   of->line_table_bytes, of->first_line, instr_offset - back);
		if (line)
			return line;
	}
	return of->first_line;
}

uint32_t names_frame(struct names *names, uint32_t parent, uint32_t code, uint32_t instr_offset)
{
	const struct frame_key key = {parent, code, instr_offset};
	bool is_new = false;
	if (code == 0 || code > names->code_facts.count || parent > names->stack_facts.count ||
	    !has_room(names, intern_count(names->stacks), NAMES_STACKS_MAX, 0))
		return 0;
	const uint32_t id = intern_id(names->stacks, (const char *)&key, sizeof key, &is_new);
	if (!is_new)
		return id;
	struct stack *facts = vec_push(&names->stack_facts);
	const struct code *of = &names->code_facts.items[code - 1];
	const struct stack above =
		parent ? names->stack_facts.items[parent - 1] : (struct stack){0};
	*facts = (struct stack){
		.depth = above.depth + 1,
		.app_id = of->is_app ? id : above.app_id,
		.in_pool = of->is_pool || above.in_pool,
		.in_loop = of->is_loop || (of->is_selector && above.in_loop),
	};
	struct row row = row_begin(names->recording, ROW_STACK);
	row_int(&row, id);
	row_int(&row, parent);
	row_int(&row, code);
	row_int(&row, instr_offset);
	row_int(&row, line_at(of, instr_offset));
	row_int(&row, facts->depth);
	row_int(&row, facts->app_id);
	row_end(&row);
	return id;
}

bool names_stack_has_app(const struct names *names, uint32_t stack)
{
	return stack > 0 && stack <= names->stack_facts.count &&
	       names->stack_facts.items[stack - 1].app_id != 0;
}

bool names_stack_in_pool(const struct names *names, uint32_t stack)
{
	return stack && stack <= names->stack_facts.count &&
	       names->stack_facts.items[stack - 1].in_pool;
}

bool names_stack_in_loop(const struct names *names, uint32_t stack)
{
	return stack && stack <= names->stack_facts.count &&
	       names->stack_facts.items[stack - 1].in_loop;
}

uint64_t names_refused(const struct names *names)
{
	return names->refused;
}
