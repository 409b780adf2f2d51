/* An empty recording in memory, for tests of what the diagnosis makes of rows. */
#ifndef UNSLOW_TESTS_RULES_WORLD_H
#define UNSLOW_TESTS_RULES_WORLD_H

#include <sqlite3.h>

/* With schema and views. The caller closes it; NULL: it could not be made. */
sqlite3 *rules_world(void);
/* Runs statements; the test fails if one does. */
void rules_world_run(sqlite3 *db, const char *sql);
/* First column of the first row; -1: none. */
double rules_world_number(sqlite3 *db, const char *sql);

#endif
