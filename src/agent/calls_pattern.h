/* Which functions are chosen: patterns as the program wrote them.
 *
 *     module             all functions of a module: app.views
 *     module:qualname    one function: app.views:Cart.total
 *     file.py[:qualname] likewise, by the file: shop/views.py:Cart.total
 *     file.py:line       the function that begins at that line: shop/views.py:42
 *
 * separated by commas; `*` in any part stands for any characters. A file is that of the path's last
 * components. A script that is run, whose module is `__main__`, is also named as if it were
 * imported: script:main. Where Python keeps no qualified name (before 3.11), the last component of
 * the pattern's is compared with the name. No pattern chooses nothing.
 */
#ifndef UNSLOW_AGENT_CALLS_PATTERN_H
#define UNSLOW_AGENT_CALLS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/calls_file.h"

#define CALLS_PATTERNS_MAX 256

struct calls_pattern {
	char text[CALLS_PATTERN_BYTES]; /* its own copy, cut into NUL-terminated parts */
	uint32_t count;
	struct {
		uint16_t left;  /* offset in text: module or file */
		uint16_t right; /* qualname; 0: any */
		uint32_t line;  /* of a file; 0: it is a module */
	} one[CALLS_PATTERNS_MAX];
};

/* What is known of a code object; NUL-terminated UTF-8, NULL: not known. */
struct calls_code_names {
	const char *module, *qualname, *file;
	uint32_t line;
	bool qualified; /* qualname is one, not the bare name */
};

/* `text` is copied; what is past CALLS_PATTERNS_MAX or its size is left out (false). */
bool calls_pattern_read(struct calls_pattern *pattern, const char *text, size_t size);
bool calls_pattern_match(const struct calls_pattern *pattern, const struct calls_code_names *names);

/* The same of a code object whose function's globals are `globals` (a dict, or NULL: not known).
 * GIL held; an exception that is set stays set. */
bool calls_pattern_chooses(const struct calls_pattern *pattern, uintptr_t code, void *globals);
/* May its calls be units of work? Not those of a generator or coroutine, nor of an import. GIL
 * held. */
bool calls_code_repeats(uintptr_t code);

#endif
