/* One load: a plan goes in, a result comes out.
 *
 * load_run() opens connections, sends what the plan says when it says, and gives back what was
 * seen. It blocks until the end of the plan, or until *stop; it prints nothing. Threads share
 * nothing while they run; their parts are added up at the end.
 *
 * Three times of each request, nanoseconds of CLOCK_MONOTONIC:
 *     due   when the schedule wants it (closed loop: when it is sent)
 *     sent  when its first byte was handed to the kernel
 *     done  when the last byte of its answer had come, by the kernel's stamp where there is one
 * response = done - due: what a user waits who does not know of the others
 * service  = done - sent: what the server (and the network) took
 * lateness = sent - the later of due and "a connection was free": the fault of this client
 * A request without an answer counts in `response` at its age: when it timed out or when the run
 * ended; so does one that was due and never sent.
 *
 * Ownership: the plan and all it points to are the caller's and must live until load_run returns;
 * the result is the caller's, released by load_result_free.
 */
#ifndef UNSLOW_LOAD_RUN_H
#define UNSLOW_LOAD_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "load/load_error.h"
#include "load/arrivals.h"
#include "load/by_line.h"
#include "load/timeline.h"

struct histogram;
struct request_log;
struct request_set;

enum {
	LOAD_THREADS_MAX = 64,
	LOAD_CONNECTIONS_MAX = 60000,
};

/* After the end of the schedule, answers that are under way may still come for so long. */
#define LOAD_GRACE_NS UINT64_C(1000000000)

struct load_progress {
	uint64_t elapsed_ns; /* since the schedule began */
	uint64_t total_ns;   /* warm-up and duration */
	uint64_t answered;   /* warm-up included, as are the next two */
	uint64_t errors;
	uint64_t outstanding; /* due, not answered */
};

struct load_plan {
	const struct request_set *requests; /* drawn by weight; not empty, all to one server */
	struct arrivals_spec schedule;      /* closed: only its times and count are used */
	bool closed;                        /* each connection sends as soon as it has its answer */
	uint32_t connections; /* closed: that many; else at most that many, opened when needed */
	uint32_t threads;
	uint64_t timeout_ns; /* of a request, from due; not 0 */
	bool cookies;        /* each connection keeps its own */
	bool insecure;       /* certificates are not verified */
	bool trace;          /* a traceparent a request, made of trace_key and its number */
	uint64_t trace_key;
	bool log;         /* single requests are kept, too */
	uint64_t wait_ns; /* until the server answers a first request, at most; 0: not at all */
	const atomic_bool *stop; /* NULL, or: end now, set by a signal handler or another thread */
	void (*progress)(void *context,
			 const struct load_progress *progress); /* NULL; 4 a second */
	void *context;
};

struct load_thread {
	double busy_share; /* CPU time of the thread by its wall time */
};

struct load_result {
	/* Requests due behind the warm-up. */
	uint64_t start_ns;      /* end of the warm-up, CLOCK_MONOTONIC */
	uint64_t start_unix_ns; /* the same instant, CLOCK_REALTIME */
	uint64_t duration_ns;   /* of the window: from start to the plan's end, or to the stop */
	bool stopped;           /* by *stop */
	uint64_t due;           /* = answered + errors but STATUS + unanswered + unsent */
	uint64_t sent;
	uint64_t answered;   /* completely, whatever the status */
	uint64_t unanswered; /* sent, no answer when the run ended */
	uint64_t unsent;     /* due, never sent: no connection was free until the end */
	uint64_t retried;    /* sent again because the server had closed an idle connection */
	uint64_t errors[LOAD_ERROR_KINDS];
	uint64_t status_classes[6];   /* answers by status / 100; [0] unused */
	uint64_t bytes_in, bytes_out; /* of HTTP, without TLS */
	uint64_t stamped;             /* answers whose time is the kernel's (stamp.h) */
	struct histogram *response, *service, *lateness;
	struct timeline timeline;
	struct by_line by_line;  /* rows: if the requests are a file's */
	struct request_log *log; /* NULL: none was asked for */
	uint64_t completed;      /* answers that came in the window, to whatever was due before */
	uint64_t completed_late; /* answers to what was due in the window, after its end */
	uint64_t last_answer_ns; /* in the window: offset from start; 0: none */
	uint64_t last_late_ns;   /* the same of the late ones */
	/* Connections. */
	uint32_t connections_used; /* slots that ever sent */
	uint32_t connections_most; /* open at once */
	uint64_t connects;         /* opened, those of the warm-up included */
	uint32_t starved;          /* slots whose request waited while others were answered */
	uint64_t starved_longest_ns;
	uint64_t answers_least, answers_most; /* of a slot that sent */
	uint64_t in_flight_ns;          /* time that requests spent in flight, all of them … */
	uint64_t in_flight_answered_ns; /* … and those that were answered */
	uint64_t occupied_ns; /* of the window, all connections: not idle, being made included */
	uint32_t fd_limit_at; /* connections open when no more could be; 0: never so */
	char error_text[160]; /* the first failure in words; "" */
	/* This client. */
	uint32_t thread_count;
	struct load_thread threads[LOAD_THREADS_MAX];
};

/* ERR_NO_TARGET: nothing answers there, its name is not known, TLS fails: the text says which and
 * what to do. ERR_LIMIT: no descriptors. All that happens later is in the result. */
MUST_CHECK enum err_kind load_run(const struct load_plan *plan, struct load_result *result,
				  struct err *e);
void load_result_free(struct load_result *result);

/* All errors, STATUS included. */
uint64_t load_result_errors(const struct load_result *result);
/* Over which answers are counted: the window; where all that was due was answered, and some of it
 * late, up to the last answer. */
uint64_t load_result_rate_ns(const struct load_result *result);
/* Answers that came in that time, a second: the throughput. */
double load_result_rate(const struct load_result *result);

#endif
