#include "agent/walk_label.h"

#include "agent/python_api.h"
#include "agent/walk_memory.h"
#include "agent/walk_names.h"
#include "python/python_text.h"

enum { NAME_BYTES = 256, KEY_BYTES = 64, TEXT_CHARACTERS_MAX = 1 << 16 };

static char *text;
static size_t used, capacity;

const char *walk_text_bytes(uint32_t *bytes)
{
	*bytes = (uint32_t)used;
	return text;
}

static bool make_room(size_t length)
{
	const size_t wanted = capacity == 0 ? 1u << 16 : 2 * capacity;
	char *more;

	if (used + length <= capacity)
		return true;
	if (wanted > UINT32_MAX / 2)
		return false;
	more = walk_pages(wanted);
	if (more == NULL)
		return false;
	if (text != NULL)
		memcpy(more, text, used);
	walk_pages_free(text, capacity);
	text = more;
	capacity = wanted;
	return true;
}

struct walk_text walk_text_add(const char *bytes, size_t length)
{
	struct walk_text added = {(uint32_t)used, (uint32_t)length};

	if (length > NAME_BYTES || !make_room(length))
		return (struct walk_text){0};
	memcpy(text + used, bytes, length);
	used += length;
	return added;
}

/* --- str ---------------------------------------------------------------------- */

/* At most `size` bytes of UTF-8; 0: it is no str of one piece. */
static size_t read_str(uintptr_t string, char *to, size_t size)
{
	struct python_text found;

	if (string == 0 || walk_kind_of(string) != WALK_OF_STR)
		return 0;
	found = python_text_of(&agent_layout, string);
	if (found.length > TEXT_CHARACTERS_MAX)
		return 0;
	const size_t bytes = python_text_utf8_bytes(found, size);
	python_text_write(found, size, to);
	return bytes;
}

struct walk_text walk_name_of(uintptr_t string)
{
	char name[NAME_BYTES];

	return walk_text_add(name, read_str(string, name, sizeof(name)));
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct walk_text walk_variable_label(uintptr_t key)
{
	char name[KEY_BYTES + 1];
	size_t length;

	if (walk_type_of(key) != (uintptr_t)py.unicode_type ||
	    (walk_int(key, agent_layout.str_state) & 3) == 0)
		return (struct walk_text){0};
	length = read_str(key, name, sizeof(name));
	if (length == 0 || length > KEY_BYTES || !is_letter(name[0]))
		return (struct walk_text){0};
	for (size_t i = 1; i < length; i++)
		if (!is_letter(name[i]) && !is_digit(name[i]))
			return (struct walk_text){0};
	return walk_text_add(name, length);
}

struct walk_text walk_key_label(uintptr_t key)
{
	return walk_names_have(key) ? walk_variable_label(key) : (struct walk_text){0};
}

/* --- joined names -------------------------------------------------------------- */

struct joined {
	char bytes[NAME_BYTES];
	size_t length;
};

static void join(struct joined *name, const char *bytes, size_t length)
{
	if (length > sizeof(name->bytes) - name->length)
		length = sizeof(name->bytes) - name->length;
	memcpy(name->bytes + name->length, bytes, length);
	name->length += length;
}

static void join_str(struct joined *name, uintptr_t string)
{
	name->length +=
		read_str(string, name->bytes + name->length, sizeof(name->bytes) - name->length);
}

/* "module.name"; without the module where there is none, or it is that of the built-in ones. */
static struct walk_text in_module(uintptr_t module, uintptr_t qualname)
{
	struct joined name = {.length = 0};

	join_str(&name, module);
	if (name.length == strlen("builtins") && memcmp(name.bytes, "builtins", name.length) == 0)
		name.length = 0;
	if (name.length > 0)
		join(&name, ".", 1);
	join_str(&name, qualname);
	return walk_text_add(name.bytes, name.length);
}

struct walk_text walk_type_name(uintptr_t type)
{
	const char *name = (const char *)walk_word(type, agent_layout.type_name);

	if (walk_flags_of(type) & WALK_TYPE_IS_HEAP) {
		const uintptr_t dict = walk_word(type, walk_objects->type_dict);
		const uintptr_t module = walk_dict_get(dict, "__module__");
		const uintptr_t qualname = walk_word(type, walk_heap->type_qualname);

		if (module != 0 && qualname != 0)
			return in_module(module, qualname);
	}
	return walk_text_add(name, strnlen(name, NAME_BYTES));
}

struct walk_text walk_module_name(uintptr_t module)
{
	return walk_name_of(
		walk_dict_get(walk_word(module, walk_objects->module_dict), "__name__"));
}

struct walk_text walk_function_name(uintptr_t function)
{
	if (walk_kind_of(function) == WALK_OF_METHOD)
		function = walk_word(function, walk_heap->method_function);
	if (walk_kind_of(function) != WALK_OF_FUNCTION)
		return walk_type_name(walk_type_of(function));
	const uintptr_t module = walk_word(function, walk_heap->function_module);
	return in_module(module, walk_word(function, walk_heap->function_qualname));
}

struct walk_text walk_code_name(uintptr_t code)
{
	return walk_name_of(walk_word(code, agent_layout.code_qualname != PY_UNKNOWN
						    ? agent_layout.code_qualname
						    : agent_layout.code_name));
}

struct walk_text walk_generator_name(uintptr_t generator)
{
	return walk_name_of(walk_word(generator, walk_objects->gen_qualname));
}
