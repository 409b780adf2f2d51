/* What became of a request that was not answered well: one name for engine, report and gate. */
#ifndef UNSLOW_LOAD_LOAD_ERROR_H
#define UNSLOW_LOAD_LOAD_ERROR_H

enum load_error {
	LOAD_ERROR_CONNECT,  /* no connection: refused, unreachable, timed out */
	LOAD_ERROR_TLS,      /* the handshake or the certificate */
	LOAD_ERROR_FD_LIMIT, /* no descriptor or port for a connection, and none was open */
	LOAD_ERROR_TIMEOUT,  /* older than the plan's time-out, sent or not */
	LOAD_ERROR_RESET,    /* the connection was reset under it */
	LOAD_ERROR_CLOSED,   /* closed before the end of the answer */
	LOAD_ERROR_PARSE,    /* what came is not HTTP/1.x */
	LOAD_ERROR_STATUS,   /* answered with a status of 400 or more */
	LOAD_ERROR_KINDS,
};

/* "connect", "tls", "fd-limit", "timeout", "reset", "closed", "parse", "status". */
extern const char *const load_error_names[LOAD_ERROR_KINDS];

#endif
