#include "model/task_cpu.h"

#include "model/query.h"

/* Ten samples: fewer may be of what was on a CPU by chance as the clock ticked. */
static const char moved[] =
	"DROP TABLE IF EXISTS temp.task_cpu;"
	"CREATE TEMP TABLE task_cpu AS SELECT min(s.ns - u.ns, u.all_ns) AS ns, u.all_ns FROM "
	"  (SELECT total(cpu_ns) AS ns, total(ticks) AS ticks FROM looked "
	"    WHERE state IN ('python', 'native') AND thread_id IN (SELECT thread_id FROM basis)) s,"
	"  (SELECT total(weight * (python_ns + db_cpu_ns + gc_ns)) AS ns, "
	"    total(weight * await_ns) AS all_ns FROM basis WHERE asynchronous) u, basis_total b "
	"WHERE EXISTS (SELECT 1 FROM v1_fact WHERE key = 'agent.loop' AND value LIKE 'uvloop%') "
	"  AND s.ticks >= 10 AND u.all_ns > 0 AND s.ns >= 2 * u.ns "
	"  AND s.ns - u.ns >= 0.1 * b.wall_ns;"
	"UPDATE basis SET python_ns = python_ns + await_ns * (SELECT ns / all_ns FROM task_cpu), "
	"  await_ns = await_ns * (SELECT 1 - ns / all_ns FROM task_cpu) "
	"WHERE asynchronous AND await_ns > 0 AND EXISTS (SELECT 1 FROM task_cpu);";

enum err_kind task_cpu_move(sqlite3 *db, struct err *e)
{
	return query_script(db, moved, e);
}
