/* Errors are values.
 *
 * A function that can fail returns `enum err_kind` (ERR_OK is 0) and takes a
 * `struct err *` as its last argument. It fills that struct once, where the
 * error is born, by ERR(); every caller forwards it unchanged by TRY() or
 * handles it. Only src/cmd/ turns an error into a message and an exit status.
 * The text says what is wrong and what to do next, without a full stop.
 *
 * Ownership: the struct is the caller's, plain data, never freed.
 */
#ifndef UNSLOW_BASE_ERR_H
#define UNSLOW_BASE_ERR_H

#include <stddef.h>

enum err_kind {
	ERR_OK = 0,
	ERR_USAGE,       /* the command line is wrong                  exit 2 */
	ERR_NO_TARGET,   /* no such process, or not a Python we know   exit 3 */
	ERR_PERMISSION,  /* the kernel said no; text states the fix    exit 4 */
	ERR_RECORDING,   /* a recording that cannot be read            exit 5 */
	ERR_SYSTEM,      /* a system call failed; os_errno is set      exit 1 */
	ERR_INVALID,     /* data from outside that breaks its own rules       */
	ERR_LIMIT,       /* a stated limit was reached                        */
	ERR_UNSUPPORTED, /* this version, machine or build cannot do it       */
	ERR_NOTHING,     /* the recording does not have it; text says how to get it */
};

struct err {
	enum err_kind kind;
	int os_errno;     /* errno at birth for ERR_SYSTEM, else 0 */
	const char *file; /* where it was born (static string) */
	int line;
	char text[480];
};

/* Fill *e (if not NULL) and return kind. os_errno is kept from errno when
 * kind is ERR_SYSTEM or ERR_PERMISSION. Call through ERR(). */
__attribute__((format(printf, 5, 6))) enum err_kind
err_set(struct err *e, const char *file, int line, enum err_kind kind, const char *format, ...);

/* The status a verb exits with for this kind (design.md, "Exit"). */
int err_exit_status(enum err_kind kind);

#define ERR(e, kind, ...) err_set((e), __FILE__, __LINE__, (kind), __VA_ARGS__)

/* Forward an error unchanged. */
#define TRY(call) \
	do { \
		enum err_kind try_kind_ = (call); \
		if (__builtin_expect(try_kind_ != ERR_OK, 0)) \
			return try_kind_; \
	} while (0)

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
