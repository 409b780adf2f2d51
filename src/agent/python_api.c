/* Finding CPython's functions in whatever program the agent was loaded into:
 * a shared libpython or a static interpreter that exports its symbols. */
#include "agent/python_api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct python_api py;

struct wanted {
	const char *name;
	size_t at; /* offset in struct python_api */
	int needed;
};

static const struct wanted functions[] = {
#define ROW(result, name, arguments, needed) {#name, offsetof(struct python_api, name), needed},
	PYTHON_FUNCTIONS(ROW)
#undef ROW
};

/* Moves past the number at *text, which fits a byte of PY_VERSION_HEX. */
static bool take_part(const char **text, uint32_t *part)
{
	char *end;
	unsigned long number = strtoul(*text, &end, 10);

	if (**text < '0' || **text > '9' || number > 255)
		return false;
	*part = (uint32_t)number;
	*text = end;
	return true;
}

/* "3.11.7 (main, …)", "3.13.0rc2+ …" → PY_VERSION_HEX; 0: not a version. */
static uint32_t parse_version(const char *text)
{
	static const struct {
		const char *name;
		uint32_t level;
	} levels[] = {{"a", 0xa}, {"b", 0xb}, {"rc", 0xc}};
	uint32_t hex = 0, part;

	for (int shift = 24; shift >= 8; shift -= 8) {
		if ((shift < 24 && *text++ != '.') || !take_part(&text, &part))
			return 0;
		hex |= part << shift;
	}
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		size_t length = strlen(levels[i].name);

		if (strncmp(text, levels[i].name, length) == 0)
			return hex | levels[i].level << 4 |
			       ((uint32_t)strtoul(text + length, NULL, 10) & 0xf);
	}
	return hex | 0xf0;
}

static void *find(const char *name, char *reason, size_t reason_size)
{
	void *symbol = dlsym(RTLD_DEFAULT, name);

	if (symbol == NULL)
		snprintf(reason, reason_size,
			 "the program does not export %s: not CPython, or linked without "
			 "--export-dynamic",
			 name);
	return symbol;
}

/* Data symbols: objects and types by address, exceptions through their pointer. */
static const struct {
	const char *name;
	size_t at; /* offset in struct python_api */
	bool pointer;
} data_symbols[] = {
	{"_Py_NoneStruct", offsetof(struct python_api, none), false},
	{"_PyRuntime", offsetof(struct python_api, runtime), false},
	{"PyCode_Type", offsetof(struct python_api, code_type), false},
	{"PyUnicode_Type", offsetof(struct python_api, unicode_type), false},
	{"PyBytes_Type", offsetof(struct python_api, bytes_type), false},
	{"PyList_Type", offsetof(struct python_api, list_type), false},
	{"PyTuple_Type", offsetof(struct python_api, tuple_type), false},
	{"PyType_Type", offsetof(struct python_api, type_type), false},
	{"PyBaseObject_Type", offsetof(struct python_api, object_type), false},
	{"PyFunction_Type", offsetof(struct python_api, function_type), false},
	{"PyProperty_Type", offsetof(struct python_api, property_type), false},
	{"PyExc_StopIteration", offsetof(struct python_api, stop_iteration), true},
	{"PyExc_StopAsyncIteration", offsetof(struct python_api, stop_async_iteration), true},
	{"PyExc_GeneratorExit", offsetof(struct python_api, generator_exit), true},
	{"PyExc_SystemExit", offsetof(struct python_api, system_exit), true},
	{"PyExc_KeyboardInterrupt", offsetof(struct python_api, keyboard_interrupt), true},
	{"PyExc_TypeError", offsetof(struct python_api, type_error), true},
};

static bool find_data(struct python_api *found, char *reason, size_t reason_size)
{
	for (size_t i = 0; i < sizeof(data_symbols) / sizeof(data_symbols[0]); i++) {
		void *symbol = find(data_symbols[i].name, reason, reason_size);

		if (symbol == NULL)
			return false;
		if (data_symbols[i].pointer)
			symbol = *(void **)symbol;
		memcpy((char *)found + data_symbols[i].at, &symbol, sizeof(symbol));
	}
	return true;
}

bool python_api_resolve(char *reason, size_t reason_size)
{
	struct python_api found = {0};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *symbol = functions[i].needed ? find(functions[i].name, reason, reason_size)
						   : dlsym(RTLD_DEFAULT, functions[i].name);

		if (symbol == NULL && functions[i].needed)
			return false;
		memcpy((char *)&found + functions[i].at, &symbol, sizeof(symbol));
	}
	if (!find_data(&found, reason, reason_size))
		return false;
	found.version_hex = parse_version(found.Py_GetVersion());
	if (found.version_hex == 0) {
		snprintf(reason, reason_size, "Py_GetVersion gives no version: %.40s",
			 found.Py_GetVersion());
		return false;
	}
	snprintf(found.version, sizeof found.version, "%.*s",
		 (int)strcspn(found.Py_GetVersion(), " "), found.Py_GetVersion());
	py = found;
	return true;
}
