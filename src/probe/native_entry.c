#include "probe/native_entry.h"

#include <string.h>

void cursor_skip(struct cursor *c, uint64_t bytes)
{
	if (bytes > (uint64_t)(c->end - c->at)) {
		c->bad = true;
		bytes = (uint64_t)(c->end - c->at);
	}
	c->at += bytes;
	c->address += bytes;
}

uint64_t cursor_take(struct cursor *c, size_t bytes)
{
	uint64_t value = 0;
	if (bytes > (size_t)(c->end - c->at)) {
		c->bad = true;
		return 0;
	}
	memcpy(&value, c->at, bytes); /* both architectures are little-endian */
	cursor_skip(c, bytes);
	return value;
}

int64_t cursor_take_signed(struct cursor *c, size_t bytes)
{
	const unsigned unused = (unsigned)(8 * (sizeof(uint64_t) - bytes));
	return (int64_t)(cursor_take(c, bytes) << unused) >> unused;
}

static uint64_t take_leb(struct cursor *c, bool is_signed)
{
	uint64_t value = 0, byte = 0x80;
	unsigned shift = 0;
	for (; byte & 0x80 && !c->bad && shift < 70; shift += 7) {
		byte = cursor_take(c, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
	}
	if (is_signed && byte & 0x40 && shift < 64)
		value |= UINT64_MAX << shift;
	return value;
}

uint64_t cursor_uleb(struct cursor *c)
{
	return take_leb(c, false);
}

int64_t cursor_sleb(struct cursor *c)
{
	return (int64_t)take_leb(c, true);
}

struct cursor cursor_part(struct cursor *c, uint64_t bytes)
{
	struct cursor inner = *c;
	cursor_skip(c, bytes);
	inner.end = c->at;
	inner.bad = c->bad;
	return inner;
}

static bool begin(const struct native_elf *elf, uint64_t address, struct cursor *c)
{
	uint64_t bytes;
	const unsigned char *at = native_elf_at(elf, address, &bytes);
	if (!at)
		return false;
	*c = (struct cursor){.at = at, .end = at + bytes, .address = address};
	return true;
}

/* Pointers as DW_EH_PE_… says (LSB, 10.5.1). */
enum { PE_OMIT = 0xff, PE_FORMAT = 0x0f, PE_APPLIED = 0x70, PE_INDIRECT = 0x80 };
enum { PE_ABSOLUTE = 0, PE_PCREL = 0x10, PE_DATAREL = 0x30 };

static uint64_t take_format(struct cursor *c, unsigned encoding)
{
	switch (encoding & PE_FORMAT) {
	case 0x00: /* absptr */
	case 0x04: /* udata8 */
	case 0x0c: /* sdata8 */
		return cursor_take(c, 8);
	case 0x01:
		return cursor_uleb(c);
	case 0x02:
		return cursor_take(c, 2);
	case 0x03:
		return cursor_take(c, 4);
	case 0x09:
		return (uint64_t)cursor_sleb(c);
	case 0x0a:
		return (uint64_t)cursor_take_signed(c, 2);
	case 0x0b:
		return (uint64_t)cursor_take_signed(c, 4);
	default:
		c->bad = true;
		return 0;
	}
}

uint64_t cursor_pointer(struct cursor *c, unsigned encoding, uint64_t data)
{
	const uint64_t at = c->address;
	const uint64_t value = take_format(c, encoding);
	const unsigned applied = encoding & PE_APPLIED;
	if (encoding & PE_INDIRECT ||
	    (applied != PE_ABSOLUTE && applied != PE_PCREL && applied != PE_DATAREL))
		c->bad = true; /* none that a linker makes here */
	return value + (applied == PE_PCREL ? at : applied == PE_DATAREL ? data : 0);
}

/* --- which entry -------------------------------------------------------------- */

/* Address of the entry (FDE) of the function that has `address`, by the sorted table of
 * .eh_frame_hdr. 0: there is none. */
static uint64_t find_entry(const struct native_elf *elf, uint64_t address)
{
	enum { VERSION = 1, TABLE = PE_DATAREL | 0x0b, PAIR = 8 };
	const uint64_t header = elf->eh_frame_header;
	struct cursor c;
	if (!header || !begin(elf, header, &c) || cursor_take(&c, 1) != VERSION)
		return 0;
	const unsigned frame_encoding = (unsigned)cursor_take(&c, 1),
		       count_encoding = (unsigned)cursor_take(&c, 1);
	if (cursor_take(&c, 1) != TABLE || count_encoding == PE_OMIT)
		return 0;
	cursor_pointer(&c, frame_encoding, header);
	const uint64_t count = cursor_pointer(&c, count_encoding, header);
	if (c.bad || !count || count > (uint64_t)(c.end - c.at) / PAIR)
		return 0;
	uint64_t low = 0, high = count; /* the last that begins at `address` or before */
	while (high - low > 1) {
		const uint64_t middle = low + (high - low) / 2;
		struct cursor pair = c;
		cursor_skip(&pair, middle * PAIR);
		if (header + (uint64_t)cursor_take_signed(&pair, 4) <= address)
			low = middle;
		else
			high = middle;
	}
	cursor_skip(&c, low * PAIR);
	if (header + (uint64_t)cursor_take_signed(&c, 4) > address)
		return 0;
	return header + (uint64_t)cursor_take_signed(&c, 4);
}

/* The common part (CIE). */
static bool read_common(const struct native_elf *elf, uint64_t address, struct native_entry *out)
{
	struct cursor whole, c;
	char letters[8] = "";
	if (!begin(elf, address, &whole))
		return false;
	const uint64_t length = cursor_take(&whole, 4);
	c = cursor_part(&whole, length);
	if (cursor_take(&c, 4) != 0) /* it is a FDE */
		return false;
	const uint64_t version = cursor_take(&c, 1);
	for (size_t i = 0;; i++) {
		const char letter = (char)cursor_take(&c, 1);
		if (!letter)
			break;
		if (i + 1 == sizeof letters)
			return false;
		letters[i] = letter;
	}
	out->code_factor = cursor_uleb(&c);
	out->data_factor = cursor_sleb(&c);
	out->return_register = version == 1 ? cursor_take(&c, 1) : cursor_uleb(&c);
	if (version != 1 && version != 3)
		return false;
	if (letters[0] && letters[0] != 'z')
		return false;
	if (letters[0]) {
		const uint64_t bytes = cursor_uleb(&c);
		struct cursor more = cursor_part(&c, bytes);
		for (const char *letter = letters + 1; *letter; letter++) {
			if (*letter == 'R')
				out->encoding = (unsigned)cursor_take(&more, 1);
			else if (*letter == 'P')
				take_format(&more, (unsigned)cursor_take(&more, 1));
			else if (*letter == 'L')
				cursor_take(&more, 1);
			else if (*letter == 'S')
				out->is_signal = true;
			else if (*letter != 'B') /* keys of return addresses, aarch64 */
				return false;
		}
		out->has_size = true;
	}
	out->initial = c;
	return !c.bad;
}

bool native_entry_find(const struct native_elf *elf, uint64_t address, struct native_entry *out)
{
	struct cursor whole, c;
	*out = (struct native_entry){0};
	const uint64_t at = find_entry(elf, address);
	if (!at || !begin(elf, at, &whole))
		return false;
	const uint64_t length = cursor_take(&whole, 4);
	c = cursor_part(&whole, length); /* 0xffffffff (64-bit) runs out */
	const uint64_t from = c.address, back = cursor_take(&c, 4);
	if (c.bad || !back || !read_common(elf, from - back, out))
		return false;
	out->begin = cursor_pointer(&c, out->encoding, elf->eh_frame_header);
	out->bytes = take_format(&c, out->encoding & PE_FORMAT);
	if (out->has_size) {
		const uint64_t bytes = cursor_uleb(&c);
		cursor_skip(&c, bytes);
	}
	out->own = c;
	return !c.bad && address >= out->begin && address - out->begin < out->bytes;
}
