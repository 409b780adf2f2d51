/* Bytes that names are made of in HTTP: headers' and methods' (RFC 9110, 5.6.2 "token"). */
#ifndef UNSLOW_LOAD_TOKEN_H
#define UNSLOW_LOAD_TOKEN_H

#include <stdbool.h>

/* By byte, as unsigned char; none for NUL. */
extern const bool token_bytes[256];

#endif
