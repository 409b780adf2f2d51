/* Dates of cookies: whatever servers write behind Expires (RFC 6265, 5.1.1).
 *
 *     Thu, 01 Jan 1970 00:00:00 GMT     Thu, 01-Jan-70 00:00:00 GMT     Thu Jan  1 00:00:00 1970
 */
#ifndef UNSLOW_LOAD_COOKIE_DATE_H
#define UNSLOW_LOAD_COOKIE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds since 1970 UTC; false if day, month, year or time is missing or is none. */
bool cookie_date_read(const char *text, size_t length, int64_t *seconds);

#endif
