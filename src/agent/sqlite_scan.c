#include "agent/sqlite_scan.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/dlopen.h"
#include "agent/slots.h"

/* sqlite.org/c3ref/c_stmtstatus_counter.html */
#define FULLSCAN_STEP 1
#define AUTOINDEX 3

typedef int status_function(void *stmt, int counter, int reset);
static _Atomic(status_function *) statuses[SLOT_INSTANCES];
static void *const *steps; /* sqlite3_step of each instance; set once, before any status */

void sqlite_after_scan(void)
{
	for (const struct slot_hook *hook = slot_hooks_sqlite; !steps && hook->name; hook++)
		if (strcmp(hook->name, "sqlite3_step") == 0)
			steps = hook->originals;
	for (int i = 0; steps && i < SLOT_INSTANCES; i++) {
		void *step = __atomic_load_n(&steps[i], __ATOMIC_ACQUIRE);
		Dl_info info;
		if (!step || atomic_load(&statuses[i]) || !dladdr(step, &info) || !info.dli_fname)
			continue;
		void *library = dlopen_real(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
		if (!library)
			continue;
		void *status = dlsym(library, "sqlite3_stmt_status");
		atomic_store(&statuses[i], (status_function *)status);
		dlclose(library);
	}
}

int64_t sqlite_scan_rows(const void *step, void *stmt)
{
	for (int i = 0; i < SLOT_INSTANCES; i++) {
		status_function *status = atomic_load_explicit(&statuses[i], memory_order_acquire);
		if (status && steps[i] == step)
			return (int64_t)status(stmt, FULLSCAN_STEP, 0) + status(stmt, AUTOINDEX, 0);
	}
	return -1;
}
