#include "agent/dlopen.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/greenlets.h"

typedef void *dlopen_function(const char *file, int mode);
typedef void *dlmopen_function(Lmid_t namespace, const char *file, int mode);

static void *real_of(_Atomic(void *) *kept, const char *name)
{
	void *f = atomic_load_explicit(kept, memory_order_acquire);
	if (UNLIKELY(!f)) {
		f = dlsym(RTLD_NEXT, name);
		atomic_store_explicit(kept, f, memory_order_release);
	}
	return f;
}

static void *real_dlopen(void)
{
	static _Atomic(void *) kept;
	return real_of(&kept, "dlopen");
}

static void *real_dlmopen(void)
{
	static _Atomic(void *) kept;
	return real_of(&kept, "dlmopen");
}

void *dlopen_real(const char *file, int mode)
{
	dlopen_function *real = (dlopen_function *)real_dlopen();
	return real ? real(file, mode) : NULL;
}

static bool is_bare(const char *file)
{
	return !file || !strchr(file, '/');
}

static void came(void *handle, const char *file)
{
	int kept = errno;
	greenlets_came(handle, file);
	if (agent_control) /* else agent_start will scan all there is */
		slots_scan();
	errno = kept;
}

/* Called by the naked wrappers below: the function to jump to for a bare name,
 * NULL if the name has a slash. */
__attribute__((used, visibility("hidden"))) void *unslow_dlopen_target(const char *file);
void *unslow_dlopen_target(const char *file)
{
	if (!is_bare(file))
		return NULL;
	greenlets_come_unseen(file);
	slots_mark_pending();
	return real_dlopen();
}

__attribute__((used, visibility("hidden"))) void *unslow_dlmopen_target(Lmid_t namespace,
									const char *file);
void *unslow_dlmopen_target(Lmid_t namespace, const char *file)
{
	(void)namespace;
	if (!is_bare(file))
		return NULL;
	greenlets_come_unseen(file);
	slots_mark_pending();
	return real_dlmopen();
}

/* The other half: a name with a slash, or no function to jump to. */
__attribute__((used, visibility("hidden"))) void *unslow_dlopen_path(const char *file, int mode);
void *unslow_dlopen_path(const char *file, int mode)
{
	void *handle = dlopen_real(file, mode);
	if (handle)
		came(handle, file);
	return handle;
}

__attribute__((used, visibility("hidden"))) void *unslow_dlmopen_path(Lmid_t namespace,
								      const char *file, int mode);
void *unslow_dlmopen_path(Lmid_t namespace, const char *file, int mode)
{
	dlmopen_function *real = (dlmopen_function *)real_dlmopen();
	void *handle = real ? real(namespace, file, mode) : NULL;
	if (handle)
		came(handle, file);
	return handle;
}

/* Written in assembly because the jump is the point: a compiler may turn a tail
 * call into a call, and the loader would then take the agent for the caller. */
#if defined(__x86_64__)
#define NAKED_JUMP(name) \
	__asm__(".text\n" \
		".globl " #name "\n" \
		".type " #name ", @function\n" #name ":\n" \
		".cfi_startproc\n" \
		"	endbr64\n" \
		"	pushq %rdi\n" \
		"	pushq %rsi\n" \
		"	pushq %rdx\n" \
		"	.cfi_adjust_cfa_offset 24\n" \
		"	call unslow_" #name "_target\n" \
		"	popq %rdx\n" \
		"	popq %rsi\n" \
		"	popq %rdi\n" \
		"	.cfi_adjust_cfa_offset -24\n" \
		"	testq %rax, %rax\n" \
		"	je unslow_" #name "_path\n" \
		"	jmp *%rax\n" \
		".cfi_endproc\n" \
		".size " #name ", . - " #name "\n")
#elif defined(__aarch64__)
#define NAKED_JUMP(name) \
	__asm__(".text\n" \
		".globl " #name "\n" \
		".type " #name ", %function\n" #name ":\n" \
		".cfi_startproc\n" \
		"	hint #34\n" /* bti c */ \
		"	stp x29, x30, [sp, #-48]!\n" \
		"	.cfi_adjust_cfa_offset 48\n" \
		"	.cfi_rel_offset x29, 0\n" \
		"	.cfi_rel_offset x30, 8\n" \
		"	stp x0, x1, [sp, #16]\n" \
		"	str x2, [sp, #32]\n" \
		"	bl unslow_" #name "_target\n" \
		"	mov x16, x0\n" \
		"	ldr x2, [sp, #32]\n" \
		"	ldp x0, x1, [sp, #16]\n" \
		"	ldp x29, x30, [sp], #48\n" \
		"	.cfi_adjust_cfa_offset -48\n" \
		"	.cfi_restore x29\n" \
		"	.cfi_restore x30\n" \
		"	cbz x16, 1f\n" \
		"	br x16\n" \
		"1:	b unslow_" #name "_path\n" \
		".cfi_endproc\n" \
		".size " #name ", . - " #name "\n")
#else
#error "unslow's agent knows x86-64 and AArch64 only"
#endif

NAKED_JUMP(dlopen);
NAKED_JUMP(dlmopen);
