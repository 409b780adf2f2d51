/* Routes by the names that a user types: as `show requests` prints them, with a method in front, or
 * without. */
#ifndef UNSLOW_MODEL_ROUTES_H
#define UNSLOW_MODEL_ROUTES_H

#include <sqlite3.h>

#include "base/err.h"

/* `asked` as routes are recorded: itself, or what stands behind its method. Points into it; NULL
 * stays so. Where no route is recorded it is left as it is. ERR_USAGE: none is it; says which there
 * are. */
MUST_CHECK enum err_kind routes_find(sqlite3 *db, const char *asked, const char **out,
				     struct err *e);

#endif
