#include "rules/hook.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "rules/blanked.h"

enum { TEXT_BYTES = 512 << 10, ARGUMENTS_BYTES = 1000 };

/* sys and threading; sys.monitoring (CPython 3.12). A function is one of the arguments. */
static const char *const setters[] = {"setprofile", "settrace", "setprofile_all_threads",
				      "settrace_all_threads", "register_callback"};

/* The word that ends at `end`. */
static const char *word_before(const char *text, const char *end)
{
	while (end > text && blanked_is_word(end[-1]))
		end--;
	return end;
}

/* Is the function's last name the last part of an argument, as of self.hook? An object that is
 * called is given as itself. */
static bool is_argument(const char *from, const char *name)
{
	const size_t length = strlen(name);
	const bool is_self = !strcmp(name, "__call__");
	int depth = 1;

	for (const char *c = from; *c && depth > 0 && c - from < ARGUMENTS_BYTES; c++) {
		if (*c == '(')
			depth++;
		else if (*c == ')')
			depth--;
		if (*c != ',' && *c != ')')
			continue;
		const char *end = c;
		while (end > from && strchr(" \t\n\r\v", end[-1]))
			end--;
		const char *word = word_before(from, end);
		const size_t written = (size_t)(end - word);
		if ((written == length && !strncmp(word, name, length)) ||
		    (is_self && written == 4 && !strncmp(word, "self", 4)))
			return true;
	}
	return false;
}

const char *hook_given_to(const char *text, const char *function)
{
	const char *dot = strrchr(function, '.'), *name = dot ? dot + 1 : function;
	struct arena *arena = arena_new();
	const size_t length = strnlen(text, TEXT_BYTES);
	char *copy = arena_copy(arena, text, length);
	const char *found = NULL;

	blanked(copy, length);
	for (size_t i = 0; !found && i < sizeof setters / sizeof *setters; i++) {
		const size_t n = strlen(setters[i]);
		for (const char *c = copy; !found && (c = strstr(c, setters[i])); c += n) {
			const bool is_called = c[n] == '(' &&
					       (c == copy || !blanked_is_word(c[-1])) &&
					       !(c >= copy + 4 && !strncmp(c - 4, "def ", 4));
			if (*name && is_called && is_argument(c + n + 1, name))
				found = setters[i];
		}
	}
	/* many a library has a function of that name */
	if (found && !strcmp(found, "register_callback") && !strstr(copy, "sys.monitoring") &&
	    !strstr(copy, "sys import monitoring"))
		found = NULL;
	arena_free(arena);
	return found;
}
