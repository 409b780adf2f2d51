#include "agent/heap_native.h"

#include <dlfcn.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/guarded.h"
#include "agent/heap_objects.h"
#include "agent/heap_sites.h"
#include "agent/heap_store.h"

#define PAGE_BYTES ((uintptr_t)CHANNEL_PAGE)

static _Atomic bool ready; /* memory can be asked for */
static uintptr_t main_stack_end;
static _Atomic uint8_t taken[HEAP_SITE_CAPACITY]; /* of each site */

/* This object's own range, which no walk of slots notes (ld(1): symbols of the linker's own). */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

void heap_native_prepare(void)
{
	void *const *end = dlsym(RTLD_DEFAULT, "__libc_stack_end");

	if (end == NULL)
		(void)dlerror(); /* the app must not find our failure as its own */
	else
		main_stack_end = (uintptr_t)*end;
	atomic_store(&ready, guarded_prepare());
}

void heap_native_after_fork(void)
{
	for (uint32_t i = 0; i < HEAP_SITE_CAPACITY; i++)
		if (atomic_load_explicit(&taken[i], memory_order_relaxed) != 0)
			atomic_store_explicit(&taken[i], 0, memory_order_relaxed);
}

/* --- what is taken over -------------------------------------------------------------- */

struct reach {
	uintptr_t low, high; /* of the stack */
};

#if defined(__aarch64__)
/* A return address may be signed in its upper bits (PAC): those of the stack and of code are the
 * lower ones. */
#define ADDRESS_BITS ((UINT64_C(1) << 48) - 1)
#else
#define ADDRESS_BITS UINT64_MAX
#endif

/* The word, or 0: it is no address that unwinding needs. */
static uint64_t address_in(uint64_t word, struct reach stack)
{
	const uintptr_t address = (uintptr_t)(word & ADDRESS_BITS);

	if (address - stack.low <= stack.high - stack.low)
		return address;
	if (address - (uintptr_t)__ehdr_start < (uintptr_t)(_end - __ehdr_start) ||
	    heap_object_has(address))
		return address;
	return 0;
}

/* The C library puts a thread's own block at the upper end of its stack; a stack of the program's
 * own making ends at a page that cannot be read, or is not looked at to its end. */
static struct reach reach_of(uintptr_t stack_pointer)
{
	const uintptr_t ends[] = {(uintptr_t)__builtin_thread_pointer(), main_stack_end};
	struct reach stack = {stack_pointer, stack_pointer + HEAP_NATIVE_REACH};

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (ends[i] >= stack.low && ends[i] < stack.high)
			stack.high = ends[i] & ~(uintptr_t)(sizeof(uint64_t) - 1);
	return stack;
}

/* What is between the variables of others, where AddressSanitizer has its marks, is read, too. */
static __attribute__((no_sanitize_address)) void copy_stack(struct heap_native *out,
							    struct reach stack)
{
	uint32_t count = 0;
	uintptr_t at;

	for (at = stack.low; at < stack.high && count < HEAP_NATIVE_WORDS; at += sizeof(uint64_t)) {
		uint64_t address;

		if ((at == stack.low || at % PAGE_BYTES == 0) && !guarded_has_word(at))
			break;
		address = address_in(*(const volatile uint64_t *)at, stack);
		if (address == 0)
			continue;
		out->words[count] = address;
		out->offsets[count++] = (uint16_t)((at - stack.low) / sizeof(uint64_t));
	}
	out->word_count = count;
	out->stack_at = stack.low;
	out->stack_bytes = at - stack.low;
}

/* Those that a function keeps for its caller, by the numbers of DWARF's register tables (System V
 * ABI, x86-64, figure 3.36; DWARF for the Arm 64-bit Architecture, 4.1). The caller's frame must
 * stand until its stack is copied. */
static inline __attribute__((always_inline)) uintptr_t read_registers(uint64_t *registers,
								      uint64_t *pc)
{
	uintptr_t stack_pointer;
#if defined(__x86_64__)
	__asm__ volatile("movq %%rbx, 24(%2)\n\t"
			 "movq %%rbp, 48(%2)\n\t"
			 "movq %%rsp, 56(%2)\n\t"
			 "movq %%r12, 96(%2)\n\t"
			 "movq %%r13, 104(%2)\n\t"
			 "movq %%r14, 112(%2)\n\t"
			 "movq %%r15, 120(%2)\n\t"
			 "movq %%rsp, %0\n\t"
			 "leaq 0f(%%rip), %1\n"
			 "0:"
			 : "=&r"(stack_pointer), "=&r"(*pc)
			 : "r"(registers)
			 : "memory");
#elif defined(__aarch64__)
	__asm__ volatile("stp x19, x20, [%2, #152]\n\t"
			 "stp x21, x22, [%2, #168]\n\t"
			 "stp x23, x24, [%2, #184]\n\t"
			 "stp x25, x26, [%2, #200]\n\t"
			 "stp x27, x28, [%2, #216]\n\t"
			 "stp x29, x30, [%2, #232]\n\t"
			 "mov %0, sp\n\t"
			 "str %0, [%2, #248]\n\t"
			 "adr %1, 0f\n"
			 "0:"
			 : "=&r"(stack_pointer), "=&r"(*pc)
			 : "r"(registers)
			 : "memory");
#endif
	return stack_pointer;
}

static __attribute__((noinline)) void take(struct heap_native *out)
{
	uint64_t registers[HEAP_NATIVE_REGISTERS] = {0};
	uint64_t pc;
	const struct reach stack = reach_of(read_registers(registers, &pc));

	copy_stack(out, stack);
	out->pc = pc;
	for (uint32_t i = 0; i < HEAP_NATIVE_REGISTERS; i++)
		out->registers[i] = address_in(registers[i], stack);
	__asm__ volatile("" ::: "memory"); /* no tail call: this frame is in the copy */
}

/* --- when -------------------------------------------------------------------------- */

/* The first of a site, and one at each doubling of its samples. */
static bool is_due(uint32_t site)
{
	const uint32_t samples =
		atomic_load_explicit(&heap_store.sites[site].samples, memory_order_relaxed);
	const uint8_t so_far = atomic_load_explicit(&taken[site], memory_order_relaxed);

	return so_far == 0 || (so_far < 32 && samples >> so_far != 0);
}

/* NULL: those that are there must be kept, or another thread is quicker. */
static struct heap_native *claim(struct heap_native_ring *ring, uint64_t now_ns, uint64_t *number)
{
	uint64_t head = atomic_load(&ring->head);
	struct heap_native *row = &ring->rows[head % HEAP_NATIVES];

	if (head >= HEAP_NATIVES && (atomic_load(&row->number) != head - HEAP_NATIVES + 1 ||
				     now_ns - row->at_ns < HEAP_NATIVE_KEPT_NS))
		return NULL;
	if (!atomic_compare_exchange_strong(&ring->head, &head, head + 1))
		return NULL;
	atomic_store(&row->number, 0);
	*number = head + 1;
	return row;
}

void heap_native_look(uint32_t site, size_t size, uint64_t now_ns)
{
	const bool is_small = size < HEAP_NATIVE_BYTES;
	struct heap_native_ring *ring =
		&heap_store.file->natives[is_small ? HEAP_NATIVE_SMALL : HEAP_NATIVE_LARGE];
	struct heap_native *row;
	uint64_t number;

	if (heap_store.sites[site].native == 0 || !atomic_load(&ready) || !is_due(site))
		return;
	row = claim(ring, now_ns, &number);
	if (row == NULL)
		return;
	row->at_ns = now_ns;
	row->size = size;
	row->site = site;
	take(row);
	atomic_fetch_add(&taken[site], 1);
	atomic_store_explicit(&row->number, number, memory_order_release);
}
