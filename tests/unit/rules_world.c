#include "rules_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/query.h"
#include "recording/sql.h"

sqlite3 *rules_world(void)
{
	sqlite3 *db;
	if (sqlite3_open(":memory:", &db) == SQLITE_OK &&
	    sqlite3_exec(db, sql_schema, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(db, sql_views, NULL, NULL, NULL) == SQLITE_OK)
		return db;
	sqlite3_close(db);
	return NULL;
}

void rules_world_run(sqlite3 *db, const char *sql)
{
	struct err e = {0};
	if (query_script(db, sql, &e) != ERR_OK)
		fail_msg("%s", e.text);
}

double rules_world_number(sqlite3 *db, const char *sql)
{
	struct err e = {0};
	double value = -1;
	if (query_number(db, sql, -1, &value, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return value;
}
