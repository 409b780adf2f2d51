/* Lines of chosen code: what an engine tells of frames and lines, counted and timed.
 *
 * Each frame of chosen code that runs has a place on its thread's stack of frames, with the line
 * under way and the instant since which its time is not yet counted. Nothing is guessed from order
 * alone: each event names its frame, so concurrent coroutines, recursion and greenlets keep apart.
 * A frame that is suspended leaves its line in a table of the process, found by its address; until
 * it goes on, on whatever thread, time is awaited there.
 *
 *     wall      between a line's begin and the next one's, suspended time apart
 *     own       without the Python functions called meanwhile, as far as the engine sees them
 *     cost      what the events in that time cost, each by its kind (calls_lines_cost.h)
 *     blocked   what agent_thread's sums of waits grew by in that time; those for the GIL apart
 *
 * A loop that stands on one line begins it once; its iterations are told by lines_again(). Those of
 * a loop that looks before each iteration are counted late, as the last look ends it
 * (calls_loops.h).
 *
 * All with the GIL held, which also guards the table. No allocation, lock or Python call but where
 * a line or thread is seen first. What the file holds: calls_file.h. Greenlets that take turns
 * inside one line each count all of it.
 */
#ifndef UNSLOW_AGENT_CALLS_LINES_H
#define UNSLOW_AGENT_CALLS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"
#include "agent/calls_file.h"

#define LINE_NEVER_KNOWN UINT32_MAX /* as an offset */
#define LINES_CAPACITY 4096u        /* lines of chosen code that ran, a thread: 256 KiB */
#define LINES_WAITS_AT (CHANNEL_PAGE + LINES_CAPACITY * sizeof(struct calls_line))
#define LINES_AREA_BYTES (LINES_WAITS_AT + LINES_CAPACITY * sizeof(struct calls_line_waits))
#define LINE_FRAMES \
	512 /* of chosen code at once on a thread; deeper ones are lost, and counted \
	     */

struct line_frame {
	uintptr_t frame;
	uint32_t code;          /* id */
	uint32_t line;          /* number; 0: none yet */
	struct calls_line *now; /* the line under way; NULL: none, or no place was left for it */
	uint64_t wall, cpu;     /* ticks, since when its time is not counted yet */
	uint64_t began;         /* ticks, since when the frame runs; 0: its first line comes next */
	uint64_t inner;         /* ticks of functions called from the line since `wall` */
	uint64_t spent;         /* the thread's at `wall`, and … */
	uint64_t began_spent;   /* … at `began` */
	uint64_t inner_spent;   /* grown in these functions since `wall` */
	uint64_t blocked_ns, gil_ns; /* the thread's sums at `wall` */
	uint32_t late_at;            /* where it stands in the code */
	bool late;                   /* an iteration that counts once it is known to be one */
	uintptr_t outer;             /* the function that is not chosen, but called it, 0: none */
	uint64_t other_since;        /* ticks: began what it called that is not chosen, … */
	uint64_t other_spent;        /* … and the thread's `spent` then */
	int64_t bytes; /* calls_lines_memory.h: the thread's, at the last event of the frame … */
	int64_t high;  /* … the most since then … */
	uint32_t bytes_round; /* … in that round */
};

struct lines_thread {
	struct agent_thread *thread;
	struct lines_area *area;
	uint32_t *places; /* of lines, by code and number; index + 1 */
	uint32_t depth;
	uint32_t number;
	_Atomic bool owned; /* by a thread that lives */
	uint64_t last;      /* ticks when CPU time was asked for last */
	uint64_t spent;     /* ticks that its events cost so far: those of lines_cost */
	/* a function that is not chosen, called from the newest frame, runs */
	uintptr_t other;                  /* its frame, 0: none */
	struct calls_line_memory *memory; /* calls_lines_memory.h; NULL: none yet, */
	bool no_memory;                   /* nor will there be */
	struct line_frame frames[LINE_FRAMES];
	struct lines_thread *next;
	uint64_t lost[LINES_LOST_BITS / 64]; /* lines that found no place, by their hash */
};

static inline struct calls_line *lines_of(struct lines_area *area)
{
	return (struct calls_line *)((char *)area + area->lines_offset);
}

static inline struct calls_line_waits *lines_waits_of(struct lines_area *area)
{
	return (struct calls_line_waits *)((char *)area + area->waits_offset);
}

/* What an event costs, in ticks, by kind. Zero: it was not measured. A line's part ends with one
 * event, which is charged to it whole; what a call costs beside that is its caller's. */
struct lines_cost {
	uint64_t line;   /* a line ends: another begins, the frame is suspended or ends */
	uint64_t again;  /* an iteration on it */
	uint64_t call;   /* it calls something, where the engine is told of that */
	uint64_t chosen; /* chosen code is called from it … */
	uint64_t resume; /* … or goes on */
	uint64_t other_inside, other_outside; /* other code is: in that one's time, in the line's */
	uint64_t far; /* more, of an event whose line or offset is past the small numbers */
};
extern struct lines_cost lines_cost;

/* The calling thread's; made now if it can be, else NULL. */
struct lines_thread *lines_thread_claim(void);
extern AGENT_TLS struct lines_thread *lines_self;
static inline struct lines_thread *lines_thread_now(void)
{
	struct lines_thread *t = lines_self;

	return LIKELY(t != NULL) ? t : lines_thread_claim();
}

/* The frame's place; NULL: it has none. Not the newest one where greenlets take turns. */
struct line_frame *lines_find_below(struct lines_thread *t, uintptr_t frame);
static inline struct line_frame *lines_find(struct lines_thread *t, uintptr_t frame)
{
	if (LIKELY(t->depth > 0 && t->frames[t->depth - 1].frame == frame))
		return &t->frames[t->depth - 1];
	return lines_find_below(t, frame);
}

/* A frame begins: its time does with its first line, which comes at once. Or it goes on, and was
 * suspended by lines_suspend(). */
void lines_begin(struct lines_thread *t, uintptr_t frame, uint32_t code);
void lines_resume(struct lines_thread *t, uintptr_t frame, uint32_t code);
/* A line begins. A frame that is not known has begun before the engine did. */
void lines_at(struct lines_thread *t, uintptr_t frame, uint32_t code, uint32_t line);
/* One more iteration on the frame's line. `late`: it is one if another follows, or if an exception
 * comes from elsewhere than the code's offset `at`. */
void lines_again(struct lines_thread *t, uintptr_t frame, bool late, uint32_t at);
/* The loop's last look found nothing more. */
void lines_again_over(struct lines_thread *t, uintptr_t frame);
/* An exception was raised in the frame, at that offset. */
void lines_raised(struct lines_thread *t, uintptr_t frame, uint32_t at);
/* The frame is suspended, or has ended. Of one that is not known: nothing. */
void lines_suspend(struct lines_thread *t, uintptr_t frame);
void lines_end(struct lines_thread *t, uintptr_t frame);

/* A Python function that is not chosen begins and ends (or is suspended), called by whichever.
 * Counted if by the newest frame itself. */
void lines_other_begin(struct lines_thread *t, uintptr_t frame);
void lines_other_end(struct lines_thread *t, uintptr_t frame);

/* The newest frame's line calls something, and the engine was told. */
static inline void lines_calls(struct lines_thread *t)
{
	t->spent += lines_cost.call;
}

/* The event that is told next has such a number: Python made an int of it (calls_monitoring.c). */
static inline void lines_far(struct lines_thread *t)
{
	t->spent += lines_cost.far;
}

/* A place in memory of its own for the calling thread, its lines in a file that is none, and the
 * one that it had before (NULL: none). Between the two no other may be begun. NULL: no memory. */
struct lines_thread *lines_scratch_begin(void);
void lines_scratch_end(struct lines_thread *scratch, struct lines_thread *before);

/* All frames begin anew with their next event. GIL held, before an engine is installed. */
void lines_reset(void);
/* The thread ends (thread.c); a fork's child. */
void lines_thread_end(struct agent_thread *thread);
void lines_after_fork(void);

#endif
