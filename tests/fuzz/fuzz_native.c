/* libFuzzer: a file of a hostile process that the program unwinds a stack by. Every read stays
 * inside the file, every step ends.
 *
 * Input: 64 bytes of instructions for a function's frame, 32 for those of all functions, then pairs
 * of (offset, 8 bytes), put over a file that starts out valid. */
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/native_cfi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_BYTES = 4096, HEADER_AT = 512, COMMON_AT = 576, ENTRY_AT = 640, CODE_AT = 1024 };
enum { CODE_BYTES = 512, SECTIONS_AT = 2048, SYMBOLS_AT = 2560, STRINGS_AT = 3072, SYMBOLS = 8 };
enum { OWN = 64, INITIAL = 32 };

static unsigned char bytes[FILE_BYTES];

static void put32(size_t at, uint32_t value)
{
	memcpy(bytes + at, &value, sizeof value);
}

static void put_tables(const uint8_t *own, const uint8_t *initial)
{
	/* version, pointer to .eh_frame, count, table of pairs relative to the header */
	memcpy(bytes + HEADER_AT, "\x01\x1b\x03\x3b", 4);
	put32(HEADER_AT + 4, COMMON_AT - HEADER_AT - 4);
	put32(HEADER_AT + 8, 1);
	put32(HEADER_AT + 12, CODE_AT - HEADER_AT);
	put32(HEADER_AT + 16, ENTRY_AT - HEADER_AT);
	put32(COMMON_AT, ENTRY_AT - COMMON_AT - 4);
	/* version 1, "zR", factors 1 and -8, return address 16, pointers pcrel sdata4 */
	memcpy(bytes + COMMON_AT + 8, "\x01zR\0\x01\x78\x10\x01\x1b", 9);
	memcpy(bytes + COMMON_AT + 17, initial, INITIAL);
	put32(ENTRY_AT, 13 + OWN);
	put32(ENTRY_AT + 4, ENTRY_AT + 4 - COMMON_AT);
	put32(ENTRY_AT + 8, (uint32_t)(CODE_AT - (ENTRY_AT + 8)));
	put32(ENTRY_AT + 12, CODE_BYTES);
	memcpy(bytes + ENTRY_AT + 17, own, OWN);
}

static void make_valid(const uint8_t *own, const uint8_t *initial)
{
	const Elf64_Ehdr header = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			    EV_CURRENT},
		.e_machine = EM_X86_64,
		.e_phoff = sizeof header,
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
		.e_shoff = SECTIONS_AT,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 2,
	};
	const Elf64_Phdr segments[] = {{.p_type = PT_LOAD, .p_filesz = FILE_BYTES},
				       {.p_type = PT_GNU_EH_FRAME, .p_vaddr = HEADER_AT}};
	const Elf64_Shdr sections[] = {{.sh_type = SHT_SYMTAB,
					.sh_link = 1,
					.sh_offset = SYMBOLS_AT,
					.sh_size = SYMBOLS * sizeof(Elf64_Sym)},
				       {.sh_type = SHT_STRTAB,
					.sh_offset = STRINGS_AT,
					.sh_size = FILE_BYTES - STRINGS_AT}};
	memset(bytes, 0, sizeof bytes);
	memcpy(bytes, &header, sizeof header);
	memcpy(bytes + sizeof header, segments, sizeof segments);
	memcpy(bytes + SECTIONS_AT, sections, sizeof sections);
	for (uint32_t i = 0; i < SYMBOLS; i++) {
		const Elf64_Sym symbol = {.st_name = i * 100,
					  .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
					  .st_shndx = 1,
					  .st_value = CODE_AT + i * 64,
					  .st_size = 64};
		memcpy(bytes + SYMBOLS_AT + i * sizeof symbol, &symbol, sizeof symbol);
	}
	memset(bytes + STRINGS_AT, 'n', FILE_BYTES - STRINGS_AT);
	put_tables(own, initial);
}

static void spoil(const uint8_t *data, size_t size)
{
	struct {
		uint8_t high, low, bytes[8];
	} one;
	for (; size >= sizeof one; data += sizeof one, size -= sizeof one) {
		memcpy(&one, data, sizeof one);
		memcpy(bytes + (((size_t)one.high << 8 | one.low) % (FILE_BYTES - 8)), one.bytes,
		       8);
	}
}

static bool read_word(void *context, uint64_t address, uint64_t *word)
{
	*word = address ^ *(const uint64_t *)context;
	return address % 3 != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct native_elf elf;
	char name[16];
	uint64_t into, salt;
	if (size < OWN + INITIAL)
		return 0;
	make_valid(data, data + OWN);
	memcpy(&salt, data, sizeof salt);
	spoil(data + OWN + INITIAL, size - OWN - INITIAL);
	const int fd = memfd_create("fuzz", 0);
	if (fd < 0 || write(fd, bytes, sizeof bytes) != sizeof bytes)
		abort();
	if (native_elf_open(&elf, fd, NULL) == ERR_OK) {
		for (uint64_t at = 0; at < FILE_BYTES; at += 37) {
			struct cfi_frame frame = {.pc = at, .known = salt | 1u << 7};
			for (unsigned i = 0; i < CFI_REGISTERS; i++)
				frame.registers[i] = 4096 + i * 8;
			for (int step = 0; step < 8; step++)
				if (cfi_step(&elf, 0, read_word, &salt, &frame) != CFI_GOES_ON)
					break;
			if (native_elf_function(&elf, at, name, sizeof name, &into) &&
			    strlen(name) >= sizeof name)
				abort();
		}
		native_elf_close(&elf);
	}
	close(fd);
	return 0;
}
