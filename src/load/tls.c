#include "load/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

enum { WHY_SIZE = 120 };

struct tls_context {
	SSL_CTX *openssl;
};

struct tls {
	SSL *openssl;
	char why[WHY_SIZE];
};

static const unsigned char protocols[] = "\x08http/1.1"; /* RFC 7301: length, name */

enum err_kind tls_context_new(struct tls_context **context, bool insecure, struct err *e)
{
	SSL_CTX *openssl = SSL_CTX_new(TLS_client_method());
	if (!openssl || SSL_CTX_set_default_verify_paths(openssl) != 1 ||
	    SSL_CTX_set_min_proto_version(openssl, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_alpn_protos(openssl, protocols, sizeof protocols - 1) != 0) {
		SSL_CTX_free(openssl);
		return ERR(e, ERR_UNSUPPORTED,
			   "OpenSSL does not start: %s; look at its configuration (OPENSSL_CONF)",
			   ERR_reason_error_string(ERR_get_error()));
	}
	SSL_CTX_set_verify(openssl, insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	/* A short write may go on from a copy of the rest. */
	SSL_CTX_set_mode(openssl,
			 SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
#ifdef SSL_OP_IGNORE_UNEXPECTED_EOF
	/* Servers close without close_notify; where that cuts an answer, its length tells. */
	SSL_CTX_set_options(openssl, SSL_OP_IGNORE_UNEXPECTED_EOF);
#endif
	*context = mem_alloc(sizeof **context);
	(*context)->openssl = openssl;
	return ERR_OK;
}

void tls_context_free(struct tls_context *context)
{
	if (context)
		SSL_CTX_free(context->openssl);
	free(context);
}

struct tls *tls_new(struct tls_context *context, int fd, const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];
	const bool is_address =
		inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
	SSL *openssl = SSL_new(context->openssl);
	/* SNI carries names only (RFC 6066, section 3). */
	const bool is_ready =
		openssl && SSL_set_fd(openssl, fd) == 1 &&
		(is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(openssl), host) == 1
			    : SSL_set_tlsext_host_name(openssl, host) == 1 &&
				      SSL_set1_host(openssl, host) == 1);
	if (!is_ready) {
		SSL_free(openssl);
		return NULL;
	}
	SSL_set_connect_state(openssl);
	struct tls *tls = mem_alloc(sizeof *tls);
	tls->openssl = openssl;
	return tls;
}

void tls_free(struct tls *tls)
{
	if (tls)
		SSL_free(tls->openssl);
	free(tls);
}

static void say_why(struct tls *tls)
{
	const long verified = SSL_get_verify_result(tls->openssl);
	const char *reason = ERR_reason_error_string(ERR_peek_error());
	if (verified != X509_V_OK && SSL_get_verify_mode(tls->openssl) != SSL_VERIFY_NONE)
		snprintf(tls->why, sizeof tls->why, "certificate: %s",
			 X509_verify_cert_error_string(verified));
	else
		snprintf(tls->why, sizeof tls->why, "%s", reason ? reason : "");
}

/* What a call that returned `result` wants. */
static enum tls_step step_of(struct tls *tls, int result)
{
	switch (SSL_get_error(tls->openssl, result)) {
	case SSL_ERROR_NONE:
		return TLS_DONE;
	case SSL_ERROR_WANT_READ:
		return TLS_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_CLOSED;
	case SSL_ERROR_SYSCALL:
		tls->why[0] = '\0';
		return TLS_FAILED;
	default:
		say_why(tls);
		return TLS_FAILED;
	}
}

/* OpenSSL's queue of errors is the thread's: old ones would be taken for this call's. */
enum tls_step tls_handshake(struct tls *tls)
{
	ERR_clear_error();
	errno = 0;
	return step_of(tls, SSL_do_handshake(tls->openssl));
}

enum tls_step tls_read(struct tls *tls, char *buffer, size_t size, size_t *done)
{
	ERR_clear_error();
	errno = 0;
	return step_of(tls, SSL_read_ex(tls->openssl, buffer, size, done));
}

enum tls_step tls_write(struct tls *tls, const char *bytes, size_t count, size_t *done)
{
	ERR_clear_error();
	errno = 0;
	return step_of(tls, SSL_write_ex(tls->openssl, bytes, count, done));
}

const char *tls_why(const struct tls *tls)
{
	return tls->why;
}
