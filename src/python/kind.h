/* Whose code it is: decided once from the file name of a code object.
 *
 *     app        what the user can change
 *     library    installed packages
 *     stdlib     the interpreter's own modules
 *     server     the web server and its workers
 *     generated  no source: <string>, <attrs …>, code made from templates, whose lines nobody
 *                wrote
 *
 * Owns nothing; names are not NUL-terminated and come from the target.
 */
#ifndef UNSLOW_PYTHON_KIND_H
#define UNSLOW_PYTHON_KIND_H

#include <stddef.h>

enum code_kind { CODE_APP = 1, CODE_LIBRARY, CODE_STDLIB, CODE_SERVER, CODE_GENERATED };

/* Kind of code with this co_filename. `app_path` (--app; length 0: none) makes
 * all source below that folder the application's. */
enum code_kind code_kind_of(const char *filename, size_t filename_bytes, const char *app_path,
			    size_t app_path_bytes);

/* "app", "library" … as the column code.kind holds it. */
const char *code_kind_name(enum code_kind kind);

#endif
