#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum err_kind err_set(struct err *e, const char *file, int line, enum err_kind kind,
		      const char *format, ...)
{
	const int os_errno = errno;
	if (!e)
		return kind;
	e->kind = kind;
	e->os_errno = kind == ERR_SYSTEM || kind == ERR_PERMISSION ? os_errno : 0;
	e->file = file;
	e->line = line;
	va_list args;
	va_start(args, format);
	vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	errno = os_errno;
	return kind;
}

int err_exit_status(enum err_kind kind)
{
	switch (kind) {
	case ERR_OK:
		return 0;
	case ERR_USAGE:
		return 2;
	case ERR_NO_TARGET:
		return 3;
	case ERR_PERMISSION:
		return 4;
	case ERR_RECORDING:
		return 5;
	case ERR_SYSTEM:
	case ERR_INVALID:
	case ERR_LIMIT:
	case ERR_UNSUPPORTED:
	case ERR_NOTHING:
		return 1;
	}
	return 1;
}
