/* Cookies of one connection: what Set-Cookie gave, sent back with each request (RFC 6265).
 *
 * Simpler than a browser: a jar serves one server, so Domain, Path and Secure are not looked at and
 * every cookie goes with every request; a cookie's end is looked at when it is set only (Max-Age of
 * 0 or less, else Expires in the past, delete it), so one that would end during the run is kept.
 * Bounded, as the server fills it.
 */
#ifndef UNSLOW_LOAD_COOKIES_H
#define UNSLOW_LOAD_COOKIES_H

#include <stddef.h>
#include <stdint.h>

enum {
	COOKIES_MAX = 64,
	COOKIE_BYTES_MAX = 4096, /* of name, '=' and value */
};

struct cookies;

struct cookies *cookies_new(void);
void cookies_free(struct cookies *jar); /* NULL is allowed */

/* `value` of a Set-Cookie header, at `now_s` seconds since 1970. What is no cookie is ignored. */
void cookies_set(struct cookies *jar, const char *value, size_t length, int64_t now_s);

/* For response_header_sink.on_header; `jar` is a struct cookies. Reads the clock on Set-Cookie. */
void cookies_on_header(void *jar, const char *name, size_t name_length, const char *value,
		       size_t value_length);

/* "Cookie: a=1; b=2\r\n", valid until the jar changes; 0 bytes if it is empty. */
size_t cookies_line(struct cookies *jar, const char **line);

/* Cookies that were not kept because of the limits. */
uint64_t cookies_dropped(const struct cookies *jar);

#endif
