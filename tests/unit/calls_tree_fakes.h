/* An agent around the trees of calls, for their tests: the trees are the real ones, of one thread;
 * their files are memory, and the clock is the test's own: a nanosecond is a tick. Functions are
 * numbers: of their keys and of their codes.
 */
#ifndef UNSLOW_TEST_CALLS_TREE_FAKES_H
#define UNSLOW_TEST_CALLS_TREE_FAKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/calls_tree.h"

enum { A = 101, B, C, D, E };

extern bool fake_disk_full; /* no file can be made or grow */
extern unsigned fake_files;
/* The thread is sent away for as long before its CPU clock is read; 0: nothing may ask. */
extern uint64_t fake_away_ns; /* that were made */

/* Setup and teardown of each test: no tree, nothing suspended, Python's calls asked for. */
int fake_tree_start(void **state);
int fake_tree_stop(void **state);

/* CPU time is wall time but for what is slept. */
void work_ns(uint64_t ns);
void sleep_ns(uint64_t ns);

void enter(uint64_t function);
void leave(uint64_t function);

/* The node of a path from the thread's root; fails the test if there is none. */
struct calls_node *fake_tree_node(const uint64_t *path, size_t length);
#define NODE(...) \
	fake_tree_node((const uint64_t[]){__VA_ARGS__}, \
		       sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))
/* Total time of a function: of all its nodes. */
uint64_t total_of(uint64_t function);

#endif
