#include "target/elf_symbols.h"

#include <elf.h>
#include <link.h>
#include <string.h>

enum { SEGMENTS_MAX = 256, DYNAMIC_MAX = 512, CHAIN_MAX = 1 << 16, NAME_BYTES = 64 };

/* Pointers of the dynamic section are relocated in memory by some loaders and not by others (glibc
 * elf/dynamic-link.h, DL_RO_DYN_SECTION; musl leaves them): either way they lie in the object. */
static uintptr_t in_object(const struct elf_object *object, uintptr_t value)
{
	if (value >= object->start && value < object->end)
		return value;
	value += object->bias;
	return value >= object->start && value < object->end ? value : 0;
}

static bool read_dynamic(struct elf_object *object, uintptr_t at)
{
	for (int i = 0; i < DYNAMIC_MAX; i++, at += sizeof(ElfW(Dyn))) {
		ElfW(Dyn) entry;
		if (!memory_read(object->memory, at, &entry, sizeof entry))
			return false;
		if (entry.d_tag == DT_NULL)
			break;
		if (entry.d_tag == DT_SYMTAB)
			object->symbols = in_object(object, entry.d_un.d_ptr);
		else if (entry.d_tag == DT_STRTAB)
			object->strings = in_object(object, entry.d_un.d_ptr);
		else if (entry.d_tag == DT_GNU_HASH)
			object->gnu_hash = in_object(object, entry.d_un.d_ptr);
	}
	return object->symbols && object->strings && object->gnu_hash;
}

bool elf_open(struct memory *memory, uintptr_t start, uintptr_t end, struct elf_object *out)
{
	ElfW(Ehdr) header;
	ElfW(Phdr) segment;
	uintptr_t dynamic = 0;
	bool has_bias = false;
	*out = (struct elf_object){.memory = memory, .start = start, .end = end};
	if (!memory_read(memory, start, &header, sizeof header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    header.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
	    header.e_phentsize != sizeof segment || header.e_phnum > SEGMENTS_MAX)
		return false;
	for (unsigned i = 0; i < header.e_phnum; i++) {
		if (!memory_read(memory, start + header.e_phoff + i * sizeof segment, &segment,
				 sizeof segment))
			return false;
		/* The first loaded segment is the one whose beginning is mapped at `start`. */
		if (segment.p_type == PT_LOAD && !has_bias) {
			out->bias = start - (segment.p_vaddr - segment.p_offset);
			has_bias = true;
		}
		if (segment.p_type == PT_DYNAMIC)
			dynamic = segment.p_vaddr;
	}
	return has_bias && dynamic && read_dynamic(out, out->bias + dynamic);
}

static uint32_t gnu_hash_of(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* Is symbol `index` a definition of `name`? Then its address, else 0. */
static uintptr_t symbol_at(const struct elf_object *object, uint32_t index, const char *name)
{
	ElfW(Sym) symbol;
	char text[NAME_BYTES];
	const size_t length = strlen(name) + 1;
	if (length > sizeof text ||
	    !memory_read(object->memory, object->symbols + index * sizeof symbol, &symbol,
			 sizeof symbol) ||
	    symbol.st_shndx == SHN_UNDEF ||
	    !memory_read(object->memory, object->strings + symbol.st_name, text, length) ||
	    memcmp(text, name, length) != 0)
		return 0;
	const uintptr_t address = object->bias + symbol.st_value;
	return address >= object->start ? address : 0;
}

uintptr_t elf_symbol(const struct elf_object *object, const char *name)
{
	uint32_t head[4]; /* buckets, first hashed symbol, words of the filter, shift */
	uint32_t index, hash;
	const uint32_t wanted = gnu_hash_of(name);
	if (!memory_read(object->memory, object->gnu_hash, head, sizeof head) || head[0] == 0)
		return 0;
	const uintptr_t buckets =
		object->gnu_hash + sizeof head + (uintptr_t)head[2] * sizeof(ElfW(Addr));
	const uintptr_t chains = buckets + (uintptr_t)head[0] * sizeof(uint32_t);
	if (!memory_read(object->memory, buckets + (wanted % head[0]) * sizeof index, &index,
			 sizeof index) ||
	    index < head[1])
		return 0;
	for (int i = 0; i < CHAIN_MAX; i++, index++) {
		if (!memory_read(object->memory,
				 chains + (uintptr_t)(index - head[1]) * sizeof hash, &hash,
				 sizeof hash))
			return 0;
		if ((hash | 1) == (wanted | 1)) {
			const uintptr_t address = symbol_at(object, index, name);
			if (address)
				return address;
		}
		if (hash & 1)
			return 0;
	}
	return 0;
}
