/* Loops that stand on one line: what a jump backward on a line means for its count.
 *
 * No event of Python's says "the line began again" there; a jump does. Told by the code itself,
 * which is looked through once a loop:
 *
 *     LOOP_NONE     a comprehension's: the line began once; or not on one line
 *     LOOP_COUNTS   the jump is an iteration (`while`, from 3.10 on, whose condition is tested
 * again before the jump: Python/compile.c, compiler_while) LOOP_LATE     it goes back to a look for
 * more, which may end the loop: an iteration once another jump follows, or an exception comes from
 * it (`for`; `while` of 3.8 and 3.9) LOOP_ASYNC    the same, but its end is an exception itself
 */
#ifndef UNSLOW_AGENT_CALLS_LOOPS_H
#define UNSLOW_AGENT_CALLS_LOOPS_H

#include <stdbool.h>
#include <stdint.h>

enum loop_kind { LOOP_NONE = 1, LOOP_COUNTS, LOOP_LATE, LOOP_ASYNC };

/* Finds the running version's opcodes. False: they are not known. */
bool loops_prepare(void);

/* The loop whose jumps go to `target`, bytes from the code's first instruction. `key` as
 * calls_code_key(). GIL held; an exception that is set stays set. */
enum loop_kind loops_kind(uint64_t key, uintptr_t code, uint32_t target);

struct py_evaluation;
/* The same of an instruction sequence as co_code has it. `one_line`: tells of two offsets whether
 * they are on one line. */
enum loop_kind loops_look(const struct py_evaluation *row, const uint8_t *bytes, uint32_t size,
			  uint32_t target, bool (*one_line)(uintptr_t code, uint32_t, uint32_t),
			  uintptr_t code);

#endif
