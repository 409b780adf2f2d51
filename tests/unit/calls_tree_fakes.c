#include "calls_tree_fakes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_control.h"
#include "agent/calls_fused.h"
#include "agent/calls_suspend.h"
#include "agent/channel_file.h"
#include "agent/dict.h"
#include "agent/python_hooks.h"

static struct calls_process page;
static struct agent_thread thread;
static uint64_t now;       /* ns */
static uint32_t processes; /* a test is one */

bool fake_disk_full;
unsigned fake_files;
struct calls_asked calls_asked;

struct calls_clock_state calls_clock = {.rate_32 = UINT64_C(1) << 32,
					.ns_48 = UINT64_C(1) << 48,
					.gap = UINT64_MAX,
					.wall = CALLS_CLOCK_NS};
struct py_layout agent_layout = {.code_version = PY_UNKNOWN};
struct python_api py;

uint64_t agent_now_ns(void)
{
	return now;
}

uint64_t fake_away_ns;

void cpu_clock_read(struct agent_thread *of)
{
	if (fake_away_ns == 0)
		fail();
	of->mark.cpu += now - of->mark.ticks;
	now += fake_away_ns;
	of->mark.ticks = now;
}

void calls_clock_thread_begin(struct agent_thread *of)
{
	of->mark.word = &of->mark.expected;
	of->mark.cpu = of->mark.ticks = now;
}

void calls_clock_thread_end(struct agent_thread *of)
{
	of->mark.word = NULL;
}

void work_ns(uint64_t ns)
{
	now += ns;
}

void sleep_ns(uint64_t ns)
{
	now += ns;
	thread.mark.cpu -= ns;
}

struct agent_thread *agent_thread_self(void)
{
	return &thread;
}

uint32_t dict_generation(void)
{
	return processes;
}

bool calls_control_page(void)
{
	return true;
}

uint32_t code_id(uintptr_t code)
{
	return (uint32_t)code;
}

uint32_t py_qualname_id(py_object object)
{
	return (uint32_t)(uintptr_t)object;
}

/* What calls_greenlets.c asks of Python is not tested here. */
bool calls_counting(void)
{
	return true;
}

void calls_control_reason(const char *format, ...)
{
	(void)format;
}

py_object py_module(const char *name)
{
	(void)name;
	return NULL;
}

py_object py_attribute(py_object object, const char *name)
{
	(void)object;
	(void)name;
	return NULL;
}

static void drop(py_object object)
{
	(void)object;
}

void python_hooks_at_application(void)
{
}

void fused_restore(uintptr_t code)
{
	(void)code;
}

uint64_t calls_code_number(uintptr_t code)
{
	return code;
}

void *channel_file_extend(const char *suffix, uint64_t offset, size_t bytes, void *place)
{
	(void)suffix;
	if (fake_disk_full)
		return NULL;
	fake_files += offset == 0;
	return mmap(place, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | (place != NULL ? MAP_FIXED : 0), -1, 0);
}

static void fetch(py_object *type, py_object *value, py_object *traceback)
{
	*type = *value = *traceback = NULL;
}

static void restore(py_object type, py_object value, py_object traceback)
{
	(void)type;
	(void)value;
	(void)traceback;
}

void app_errors_forget(void)
{
}

int fake_tree_start(void **state)
{
	(void)state;
	memset(&page, 0, sizeof page);
	memset(&thread, 0, sizeof thread);
	py.PyErr_Fetch = fetch;
	py.PyErr_Restore = restore;
	py.Py_DecRef = drop;
	calls_process = &page;
	calls_tree_histograms = false;
	calls_asked.want = CALLS_PYTHON;
	fake_disk_full = false;
	now = 1000;
	processes++;
	return 0;
}

int fake_tree_stop(void **state)
{
	(void)state;
	calls_tree_after_fork();
	calls_suspend_forget();
	return 0;
}

void enter(uint64_t function)
{
	calls_enter(calls_thread_now(), function, function);
}

void leave(uint64_t function)
{
	calls_leave(calls_thread_now(), function, false);
}

struct calls_node *fake_tree_node(const uint64_t *path, size_t length)
{
	struct calls_thread *t = calls_thread_now();
	uint32_t at = 1;

	for (size_t i = 0; i < length; i++) {
		uint32_t found = 0;

		for (uint32_t n = 1; n < calls_area_of(t)->node_count; n++)
			if (t->nodes[n].parent == at && t->nodes[n].key == path[i])
				found = n;
		assert_int_not_equal(found, 0);
		at = found;
	}
	return &t->nodes[at];
}

uint64_t total_of(uint64_t function)
{
	struct calls_thread *t = calls_thread_now();
	uint64_t sum = 0;

	for (uint32_t n = 1; n < calls_area_of(t)->node_count; n++)
		if (t->nodes[n].key == function)
			sum += t->nodes[n].total_wall;
	return sum;
}
