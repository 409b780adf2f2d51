/* One step up a native stack by the call frame information of an ELF file (.eh_frame): from the
 * registers in a function to those in its caller.
 *
 * Sources: DWARF 5, 6.4 (call frame information) and 2.5 (expressions); Linux Standard Base 5.0,
 * Core, 10.6 (.eh_frame, .eh_frame_hdr). Written here as what is packaged (libdw) would be a
 * dependency of a kind that a wheel cannot have, for a part of it that is small. All of it is
 * hostile input: every read is bounded, so are instructions, expressions and remembered states.
 */
#ifndef UNSLOW_PROBE_NATIVE_CFI_H
#define UNSLOW_PROBE_NATIVE_CFI_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/native_elf.h"

enum {
	CFI_REGISTERS = 34
}; /* x86-64 has 17 by DWARF's numbers, aarch64 32 and some of no use here */

struct cfi_frame {
	uint64_t pc; /* in the process */
	uint64_t registers[CFI_REGISTERS];
	uint64_t known; /* bit n: register n is */
	bool is_caller; /* pc is where a call returns to, which may be past its function's end */
};

/* Eight bytes of the stack. False: not known. */
typedef bool cfi_reader(void *context, uint64_t address, uint64_t *word);

enum cfi_end {
	CFI_GOES_ON,
	CFI_OUTERMOST, /* the file says that nobody called it */
	CFI_UNKNOWN,   /* no information, one that is not understood, or a word that is not known */
};

/* `frame` becomes its caller's. `bias`: what is added to an address of the file. */
enum cfi_end cfi_step(const struct native_elf *elf, uint64_t bias, cfi_reader *read, void *context,
		      struct cfi_frame *frame);

/* Number of the stack pointer here. */
unsigned cfi_stack_pointer(void);

#endif
