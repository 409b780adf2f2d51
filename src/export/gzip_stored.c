#include "export/gzip_stored.h"

enum { BLOCK_MAX = 65535 };

uint32_t gzip_crc32(const unsigned char *bytes, size_t length)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

static void put_little(uint32_t value, int bytes, FILE *out)
{
	for (; bytes--; value >>= 8)
		fputc((int)(value & 0xff), out);
}

void gzip_stored_write(const unsigned char *bytes, size_t length, FILE *out)
{
	/* deflate, no flags, no time, no hints, unknown system */
	static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
	size_t at = 0;
	fwrite(head, 1, sizeof head, out);
	do {
		const size_t left = length - at, part = left < BLOCK_MAX ? left : BLOCK_MAX;
		fputc(part == left, out); /* last block, stored */
		put_little((uint32_t)part, 2, out);
		put_little(~(uint32_t)part, 2, out);
		fwrite(bytes + at, 1, part, out);
		at += part;
	} while (at < length);
	put_little(gzip_crc32(bytes, length), 4, out);
	put_little((uint32_t)length, 4, out);
}
