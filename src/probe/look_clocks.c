#include "probe/look_clocks.h"

#include "base/clock.h"

void look_clocks_update(const struct look *l)
{
	/* number of a process's clock: clock_getcpuclockid(3) */
	(void)clock_read_ns((clockid_t)(~(unsigned)l->process->pid << 3 | 2));
}

void look_clocks_note_running(struct look *l)
{
	look_clocks_update(l);
	for (size_t i = 0; i < l->threads.count; i++) {
		struct look_thread *t = &l->threads.items[i];
		struct thread_call now = t->call;
		t->is_on_cpu = t->is_listed && t->mark == LOOK_RUNS &&
			       thread_watch_motion(&t->watch, &now) && now.cpu_ns > t->call.cpu_ns;
	}
}
