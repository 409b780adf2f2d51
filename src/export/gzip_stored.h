/* Bytes as a gzip file (RFC 1952) of stored blocks (RFC 1951 §3.2.4): readers that want gzip get
 * it, and nothing is compressed. What is written so is small.
 */
#ifndef UNSLOW_EXPORT_GZIP_STORED_H
#define UNSLOW_EXPORT_GZIP_STORED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void gzip_stored_write(const unsigned char *bytes, size_t length, FILE *out);
/* CRC-32 of RFC 1952 §8. */
uint32_t gzip_crc32(const unsigned char *bytes, size_t length);

#endif
