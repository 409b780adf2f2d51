/* Pairs of instructions that CPython 3.12 runs as one, put back where monitoring took them apart.
 *
 * 3.12 fuses LOAD_FAST, STORE_FAST and LOAD_CONST with the next one of them when it makes a code
 * object (_PyCode_Quicken, Python/specialize.c). An event that is set for all code takes all pairs
 * apart, for good, also in code that answers DISABLE at once (_Py_Instrument,
 * Python/instrumentation.c): 3 % of a Flask request in which nothing is counted. So code has its
 * pairs put back as that function makes them: such as is left alone when that is decided, such as
 * is counted at its first call on a thread, with the events of calls in it. Later versions have no
 * such pairs.
 *
 * As CPython itself rewrites code that runs often: GIL held, one byte a pair, and what stands
 * behind it stays, so that a frame which is between the two goes on with the second. When the last
 * engine goes, CPython takes the pairs apart once more, each code object's when it runs next; so
 * each is brought up to date at once, and its pairs are put back then.
 */
#ifndef UNSLOW_AGENT_CALLS_FUSED_H
#define UNSLOW_AGENT_CALLS_FUSED_H

#include <stdint.h>

/* Whether this version has them, and they are as they are known: tried on a function of our own,
 * before events are set. GIL held, no exception set or left. Until then nothing is restored. */
void fused_prepare(void);

/* Code whose lines or instructions somebody watches, or that holds an instruction which is not
 * known, stays as it is. GIL held; on the way of a first call: it calls nothing. */
void fused_restore(uintptr_t code);
/* All code that ran while events were set, once no engine is in place any more: some 5 µs each. GIL
 * held, no exception set or left. */
void fused_restore_all(void);

#endif
