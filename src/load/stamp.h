/* When an answer came: by the kernel, not by the thread that it woke.
 *
 * A thread that sleeps is woken some 20 us after the bytes are there, and one that has fifty
 * connections to look after comes to the last of them later still. Neither is the server's doing,
 * so a TCP socket is asked for the time at which its packets were taken in (SO_TIMESTAMPNS,
 * socket(7); Documentation/networking/timestamping.rst), of the last one where there are many.
 *
 * The kernel's stamp is CLOCK_REALTIME. The offset to CLOCK_MONOTONIC changes only where somebody
 * sets the clock: both run by one timekeeper and are slewed together. It is looked up every
 * STAMP_EVERY_NS, and at once where a stamp is not between the request's sending and now; what
 * still is not after that is not believed. Nor is the stamp whose look finds the clock set, by more
 * than STAMP_STEP_NS: it may have been given before that or after.
 *
 * Without a stamp (a closed loop, whose pace is the thread's own; TLS, whose library reads; Unix
 * sockets, which have none; a kernel that gives none; an answer that ends with the connection) the
 * thread's own clock counts, and it is said of how many (`load_result.stamped`).
 */
#ifndef UNSLOW_LOAD_STAMP_H
#define UNSLOW_LOAD_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"

#define STAMP_EVERY_NS (10 * NS_PER_MS)
#define STAMP_STEP_NS NS_PER_MS

struct stamp_clock {
	uint64_t offset_ns; /* CLOCK_REALTIME less CLOCK_MONOTONIC */
	uint64_t looked_ns; /* when, CLOCK_MONOTONIC; 0: never */
};

/* Asks for stamps on a TCP socket; what the kernel refuses it does not give. */
void stamp_ask(int fd);
/* A socket that asks for stamps and does nothing else: the kernel stamps packets from the first
 * such socket of the machine to the last, and to begin and to end it costs all CPUs an interrupt.
 * To be held, by close(), as long as there are connections; -1: none. */
int stamp_hold(void);

/* recv(2) without flags; *stamp_ns: CLOCK_REALTIME of the last packet, 0 without one. */
ssize_t stamp_receive(int fd, char *buffer, size_t size, uint64_t *stamp_ns);

/* The stamp as CLOCK_MONOTONIC, or 0 if it cannot be one from `after_ns` to `now_ns`. */
uint64_t stamp_to_monotonic(struct stamp_clock *clock, uint64_t stamp_ns, uint64_t after_ns,
			    uint64_t now_ns);

#endif
