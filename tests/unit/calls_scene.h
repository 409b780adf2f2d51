/* A process that counted calls of three functions: what test_calls_reader.c begins with. */
#ifndef UNSLOW_TESTS_UNIT_CALLS_SCENE_H
#define UNSLOW_TESTS_UNIT_CALLS_SCENE_H

#include "calls_world.h"

struct scene {
	struct world w;
	struct calls_process *process;
	struct calls_area *area;
	uint32_t root, foo, sleep, again;
};

/* root > foo > sleep, and foo from sleep again, which is folded. */
static inline void set(struct scene *s)
{
	begin(&s->w, getpid());
	calls_put_code(&s->w.file, 1, "foo");
	calls_put_code(&s->w.file, 2, "sleep");
	calls_put_code(&s->w.file, 3, "price");
	put_text(&s->w.file, DICT_TEXT, 7, "/report");
	show(&s->w.file);
	drain(&s->w);
	s->process = calls_make_process(&s->w);
	s->process->areas = 1;
	s->area = calls_make_area(&s->w, 1, 100);
	s->root = calls_put_node(s->area, CALLS_ROOT, 7, 0, 0, 0, 0);
	s->foo = calls_put_node(s->area, CALLS_FUNCTION, 1, s->root, 3, 500, 2000);
	s->sleep = calls_put_node(s->area, CALLS_FUNCTION, 2, s->foo, 5, 1000, 1500);
	s->again = calls_put_node(s->area, CALLS_FUNCTION, 1, s->sleep, 1, 500, 0);
	calls_nodes(s->area)[s->again].folds = s->foo;
	calls_nodes(s->area)[s->sleep].waiting = 3 * 700;
	calls_nodes(s->area)[s->sleep].resumes = 5;
	calls_nodes(s->area)[s->foo].raised = 2;
}

static inline void read_and_close(struct scene *s)
{
	calls_reader_close(calls_read(&s->w, CALLS_PROCESS_GONE), false);
}

static inline void end(struct scene *s)
{
	stop(&s->w);
	munmap(s->process, CHANNEL_PAGE);
	munmap(s->area, AREA_BYTES);
	finish(&s->w);
}

#endif
