#include "base/sqlprivate.h"

#include <string.h>
#include <strings.h>

/* Sources: PostgreSQL 15 "SQL Commands", sqlite.org/lang.html and SQLCipher's PRAGMA key, MySQL
 * 8.0 manual 13.7 "Database Administration", T-SQL CREATE LOGIN. Savepoints have a made-up name
 * each time (Django: s<thread>_x<n>), which no fingerprint should have either. */
static const struct {
	const char *head;
	int kept;
} kinds[] = {
	{"PRAGMA", 1},
	{"SET", 1},
	{"SET LOCAL", 1},
	{"SET SESSION", 1},
	{"SET GLOBAL", 1},
	{"ALTER USER", 0},
	{"ALTER ROLE", 0},
	{"ALTER GROUP", 0},
	{"ALTER LOGIN", 0},
	{"ALTER DATABASE", 0},
	{"ALTER SYSTEM", 0},
	{"ALTER SERVER", 0},
	{"ALTER SUBSCRIPTION", 0},
	{"CREATE USER", 0},
	{"CREATE ROLE", 0},
	{"CREATE GROUP", 0},
	{"CREATE LOGIN", 0},
	{"CREATE SERVER", 0},
	{"CREATE SUBSCRIPTION", 0},
	{"CREATE OR REPLACE USER", 0},
	{"CREATE OR REPLACE ROLE", 0},
	{"CREATE OR REPLACE SERVER", 0},
	{"CHANGE MASTER", 0},
	{"CHANGE REPLICATION", 0},
	{"GRANT", 0},
	{"ATTACH", 0},
	{"ATTACH DATABASE", 0},
	{"NOTIFY", 0},
	{"LISTEN", 0},
	{"UNLISTEN", 0},
	{"SAVEPOINT", 0},
	{"RELEASE", 0},
	{"RELEASE SAVEPOINT", 0},
	{"ROLLBACK TO", 0},
	{"ROLLBACK TO SAVEPOINT", 0},
	{"ROLLBACK WORK TO", 0},
	{"ROLLBACK WORK TO SAVEPOINT", 0},
	{"ROLLBACK TRANSACTION TO", 0},
	{"ROLLBACK TRANSACTION TO SAVEPOINT", 0},
};

int sqlprivate_kept(const char *head, size_t length)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		/* most differ in the first letter, whatever its case */
		if (length > 0 && ((kinds[i].head[0] ^ head[0]) & 0xdf) == 0 &&
		    strlen(kinds[i].head) == length &&
		    strncasecmp(kinds[i].head, head, length) == 0)
			return kinds[i].kept;
	return -1;
}
