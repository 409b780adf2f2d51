#include "probe/native_elf.h"

#include <elf.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (UINT64_C(4) << 30)
#define SYMBOLS_MAX (UINT64_C(1) << 22)
enum { HEADERS_MAX = 4096 };

#if defined(__x86_64__)
enum { MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { MACHINE = EM_AARCH64 };
#else
enum { MACHINE = EM_NONE };
#endif

static bool lies_inside(const struct native_elf *elf, uint64_t offset, uint64_t bytes)
{
	return offset <= elf->map.size && bytes <= elf->map.size - offset;
}

/* A copy: the file may change while it is read. */
static bool copy(const struct native_elf *elf, uint64_t offset, void *out, size_t bytes)
{
	if (!lies_inside(elf, offset, bytes))
		return false;
	memcpy(out, elf->map.bytes + offset, bytes);
	return true;
}

static void read_segments(struct native_elf *elf, const Elf64_Ehdr *header)
{
	for (unsigned i = 0; i < header->e_phnum && i < HEADERS_MAX; i++) {
		Elf64_Phdr segment;
		if (!copy(elf, header->e_phoff + i * sizeof segment, &segment, sizeof segment))
			return;
		if (segment.p_type == PT_GNU_EH_FRAME)
			elf->eh_frame_header = segment.p_vaddr;
		if (segment.p_type != PT_LOAD || elf->segment_count == NATIVE_SEGMENTS ||
		    !lies_inside(elf, segment.p_offset, segment.p_filesz) ||
		    segment.p_vaddr + segment.p_filesz < segment.p_vaddr)
			continue;
		elf->segments[elf->segment_count++] = (struct native_segment){
			segment.p_vaddr, segment.p_offset, segment.p_filesz};
	}
}

/* .symtab has all that .dynsym has, where it was not stripped. */
static void read_symbols(struct native_elf *elf, const Elf64_Ehdr *header)
{
	for (unsigned i = 0; i < header->e_shnum && i < HEADERS_MAX; i++) {
		Elf64_Shdr table, strings;
		if (!copy(elf, header->e_shoff + i * sizeof table, &table, sizeof table))
			return;
		if ((table.sh_type != SHT_SYMTAB && table.sh_type != SHT_DYNSYM) ||
		    table.sh_link >= HEADERS_MAX ||
		    !copy(elf, header->e_shoff + table.sh_link * sizeof strings, &strings,
			  sizeof strings) ||
		    !lies_inside(elf, table.sh_offset, table.sh_size) ||
		    !lies_inside(elf, strings.sh_offset, strings.sh_size))
			continue;
		const uint64_t count = table.sh_size / sizeof(Elf64_Sym);
		if (count <= elf->symbol_count || count > SYMBOLS_MAX)
			continue;
		elf->symbols = table.sh_offset;
		elf->symbol_count = count;
		elf->strings = strings.sh_offset;
		elf->string_bytes = strings.sh_size;
	}
}

enum err_kind native_elf_open(struct native_elf *elf, int fd, struct err *e)
{
	struct stat st;
	Elf64_Ehdr header;
	*elf = (struct native_elf){0};
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(Elf64_Ehdr) ||
	    (uint64_t)st.st_size > FILE_BYTES_MAX)
		return ERR(e, ERR_INVALID, "no regular file of a believable size");
	TRY(guarded_map_open_private(&elf->map, fd, (size_t)st.st_size, e));
	if (!copy(elf, 0, &header, sizeof header) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != MACHINE ||
	    header.e_phentsize != sizeof(Elf64_Phdr)) {
		native_elf_close(elf);
		return ERR(e, ERR_INVALID, "no ELF file of this machine");
	}
	read_segments(elf, &header);
	if (header.e_shentsize == sizeof(Elf64_Shdr))
		read_symbols(elf, &header);
	return ERR_OK;
}

void native_elf_close(struct native_elf *elf)
{
	guarded_map_close(&elf->map);
	*elf = (struct native_elf){0};
}

const unsigned char *native_elf_at(const struct native_elf *elf, uint64_t address, uint64_t *bytes)
{
	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct native_segment *s = &elf->segments[i];
		if (address < s->address || address - s->address >= s->bytes)
			continue;
		*bytes = s->bytes - (address - s->address);
		return elf->map.bytes + s->offset + (address - s->address);
	}
	return NULL;
}

bool native_elf_address(const struct native_elf *elf, uint64_t offset, uint64_t *address)
{
	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct native_segment *s = &elf->segments[i];
		if (offset < s->offset || offset - s->offset >= s->bytes)
			continue;
		*address = s->address + (offset - s->offset);
		return true;
	}
	return false;
}

static bool has(const Elf64_Sym *symbol, uint64_t address)
{
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF &&
	       address >= symbol->st_value && address - symbol->st_value < symbol->st_size;
}

/* Of names of one place a global one, as others are the file's own aliases. */
static bool is_better(const Elf64_Sym *symbol, const Elf64_Sym *than)
{
	if (symbol->st_value != than->st_value)
		return symbol->st_value > than->st_value;
	return ELF64_ST_BIND(symbol->st_info) == STB_GLOBAL &&
	       ELF64_ST_BIND(than->st_info) != STB_GLOBAL;
}

bool native_elf_function(const struct native_elf *elf, uint64_t address, char *name, size_t size,
			 uint64_t *into)
{
	Elf64_Sym best = {0};
	for (uint64_t i = 0; i < elf->symbol_count; i++) {
		Elf64_Sym symbol; /* it need not be aligned */
		memcpy(&symbol, elf->map.bytes + elf->symbols + i * sizeof symbol, sizeof symbol);
		if (has(&symbol, address) && (!best.st_size || is_better(&symbol, &best)))
			best = symbol;
	}
	if (!best.st_size || best.st_name >= elf->string_bytes)
		return false;
	const char *text = (const char *)elf->map.bytes + elf->strings + best.st_name;
	const size_t room = elf->string_bytes - best.st_name;
	const size_t length = strnlen(text, room < size ? room : size - 1);
	memcpy(name, text, length);
	name[length] = '\0';
	*into = address - best.st_value;
	return length > 0;
}
