/* What if: the units of a recording served again, with parts of their time taken out.
 *
 * A queue of servers, simulated event by event. A unit arrives when it did. It needs a slot of a
 * process (a worker, a thread; an event loop has any number), waits for one in the order of
 * arrival, and then alternates between work, for which it needs the process's one turn (its GIL or
 * its loop), and waits that pass by themselves. Work that takes longer than the quantum lets others
 * of the process go first (CPython's switch interval); a loop has none.
 *
 *     slots 1                   a worker that serves one after another (Lindley 1952; with k
 *                               processes Kiefer and Wolfowitz 1955)
 *     slots N, quantum 5 ms     N threads under one GIL
 *     slots 0, quantum INFINITY an event loop
 *
 * Pure: no recording, no randomness. Times are nanoseconds. The time it takes grows with the pieces
 * of all units, the memory with the units (at most about 60 bytes each).
 */
#ifndef UNSLOW_MODEL_REPLAY_H
#define UNSLOW_MODEL_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLAY_PIECES_MAX 16 /* of a unit; more are this many, of the same sum */
#define REPLAY_PROCESSES_MAX 1024

struct replay_unit {
	double arrival_ns; /* ascending */
	double turn_ns;    /* needs the turn of its process; negative or NaN: none */
	double wait_ns;    /* does not, between two pieces of work */
	double beside_ns;  /* work of the server for it, beside it: whoever comes next waits for it,
			      too */
	uint32_t process;  /* that served it, from 0; beyond the last: taken modulo their number */
	uint32_t pieces;   /* that its work is cut into; at least 2 where it waits */
};

struct replay_servers {
	uint32_t processes; /* 1 to REPLAY_PROCESSES_MAX */
	uint32_t slots;     /* units at once in each; 0: any number */
	bool shared; /* any process that has a slot free serves the next; else the recorded one */
	double quantum_ns; /* INFINITY: work is not interrupted */
	double cold_ns;    /* more work of a unit that finds its process with nothing to do */
};

/* response_ns[i]: from the arrival of unit i to its end, what the server did beside it left out. */
void replay_run(const struct replay_servers *servers, const struct replay_unit *units, size_t count,
		double *response_ns);

#endif
