/* Names of a code object, for calls_pattern.h. */
#include <string.h>

#include "agent/abi.h"
#include "agent/calls_pattern.h"
#include "python/python_text.h"

#define NAME_MAX 256
#define FILE_MAX 1024

static const char *read_text(uintptr_t code, uint16_t at, char *to, size_t size)
{
	uintptr_t object = *(const uintptr_t *)(code + at);
	struct python_text text = python_text_of(&agent_layout, object);
	size_t bytes = python_text_utf8_bytes(text, size - 1);

	python_text_write(text, size - 1, to);
	to[bytes] = '\0';
	return to;
}

#define CODE_NO_FUNCTION (0x20u | 0x80u | 0x100u | 0x200u) /* CO_GENERATOR … CO_ASYNC_GENERATOR */

bool calls_code_repeats(uintptr_t code)
{
	static const char frozen[] = "<frozen importlib";
	const struct py_layout *l = &agent_layout;
	char file[FILE_MAX];

	if (*(const uint32_t *)(code + l->code_flags) & CODE_NO_FUNCTION)
		return false;
	read_text(code, l->code_filename, file, sizeof file);
	return strncmp(file, frozen, sizeof frozen - 1) != 0;
}

bool calls_pattern_chooses(const struct calls_pattern *pattern, uintptr_t code, void *globals)
{
	const struct py_layout *l = &agent_layout;
	bool qualified = l->code_qualname != PY_UNKNOWN;
	char qualname[NAME_MAX], file[FILE_MAX];
	struct calls_code_names names = {.qualified = qualified};
	py_object type, value, traceback;
	size_t length;
	bool chosen;

	if (pattern->count == 0)
		return false;
	names.qualname = read_text(code, qualified ? l->code_qualname : l->code_name, qualname,
				   sizeof qualname);
	names.file = read_text(code, l->code_filename, file, sizeof file);
	names.line = *(const uint32_t *)(code + l->code_first_line);
	py.PyErr_Fetch(&type, &value, &traceback);
	if (globals != NULL)
		names.module = py_text(py.PyDict_GetItemString(globals, "__name__"), &length);
	chosen = calls_pattern_match(pattern, &names);
	py.PyErr_Restore(type, value, traceback);
	return chosen;
}
