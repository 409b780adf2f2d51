#include "probe/native_unwind.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "probe/native_cfi.h"
#include "probe/native_elf.h"
#include "probe/native_name.h"
#include "target/maps.h"

/* Symbols that one lot of stacks may look at: some 30 ms. */
#define SYMBOLS_PER_LOT (UINT64_C(1) << 24)
enum {
	FILES_MAX = 32 /* mapped at a time */,
	NAMES_MAX = 1 << 16,
	NAME_BYTES = 256,
	SYMBOL_BYTES = 2048, /* as C++ makes them of arguments */
	PATH_BYTES = 4200,
	STEPS_MAX = 96
};

/* Python's evaluation of a frame (Python/ceval.c; 3.14 with tail calls: a function each
 * instruction). */
static const char *const evaluators[] = {"_PyEval_EvalFrameDefault", "_TAIL_CALL_"};

struct file {
	uint64_t number; /* never again */
	uint32_t device_major, device_minor;
	uint64_t inode;
	struct native_elf elf; /* of zeros: it cannot be read */
};

struct name {
	char *function; /* NULL: no symbol has it */
	uint64_t into;
};

struct native_unwinder {
	uint32_t pid;
	struct arena *arena; /* of maps */
	struct maps maps;
	struct file files[FILES_MAX];
	uint64_t files_opened; /* the newest number; the next takes the oldest's place */
	struct map name_of;    /* file and address → index */
	VEC(struct name) names;
	uint64_t symbols_left;
};

struct native_unwinder *native_unwinder_new(uint32_t pid)
{
	struct native_unwinder *u = mem_alloc(sizeof *u);
	u->pid = pid;
	return u;
}

void native_unwinder_free(struct native_unwinder *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < FILES_MAX; i++)
		native_elf_close(&u->files[i].elf);
	for (size_t i = 0; i < u->names.count; i++)
		free(u->names.items[i].function);
	vec_free(&u->names);
	map_free(&u->name_of);
	arena_free(u->arena);
	free(u);
}

void native_unwinder_begin(struct native_unwinder *u)
{
	struct arena *arena = arena_new();
	struct maps maps;
	u->symbols_left = SYMBOLS_PER_LOT;
	if (maps_read((int)u->pid, arena, &maps, NULL) != ERR_OK) {
		arena_free(arena);
		return;
	}
	arena_free(u->arena);
	u->arena = arena;
	u->maps = maps;
}

/* --- files -------------------------------------------------------------------- */

/* The file of a path, if it is that which is mapped; nothing else is opened. In maps the device may
 * be another than the file's own (overlayfs, btrfs). */
static int open_same(const char *path, const struct mapping *mapping, bool same_device)
{
	char link[64];
	struct stat st;
	const int place = open(path, O_PATH | O_CLOEXEC);
	int fd = -1;
	if (place < 0)
		return -1;
	if (fstat(place, &st) == 0 && S_ISREG(st.st_mode) && st.st_ino == mapping->inode &&
	    (!same_device || (major(st.st_dev) == mapping->device_major &&
			      minor(st.st_dev) == mapping->device_minor))) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", place);
		fd = open(link, O_RDONLY | O_CLOEXEC);
	}
	close(place);
	return fd;
}

/* As the process's own mount namespace has it; once it is gone, as ours does. */
static int open_mapped(const struct native_unwinder *u, const struct mapping *mapping)
{
	char path[PATH_BYTES];
	snprintf(path, sizeof path, "/proc/%u/root%s", u->pid, mapping->path);
	const int fd = open_same(path, mapping, false);
	return fd >= 0 ? fd : open_same(mapping->path, mapping, true);
}

/* NULL: no file is mapped there. */
static const struct file *file_of(struct native_unwinder *u, const struct mapping *mapping)
{
	if (!mapping->inode || mapping->path[0] != '/')
		return NULL;
	for (size_t i = 0; i < FILES_MAX; i++) {
		const struct file *file = &u->files[i];
		if (file->inode == mapping->inode && file->device_major == mapping->device_major &&
		    file->device_minor == mapping->device_minor)
			return file;
	}
	struct file *file = &u->files[u->files_opened++ % FILES_MAX];
	native_elf_close(&file->elf);
	*file = (struct file){.number = u->files_opened,
			      .device_major = mapping->device_major,
			      .device_minor = mapping->device_minor,
			      .inode = mapping->inode};
	const int fd = open_mapped(u, mapping);
	if (fd >= 0 && native_elf_open(&file->elf, fd, NULL) != ERR_OK)
		file->elf = (struct native_elf){0};
	if (fd >= 0)
		close(fd);
	return file;
}

/* --- names -------------------------------------------------------------------- */

static struct name look_up(struct native_unwinder *u, const struct file *file, uint64_t address)
{
	char symbol[SYMBOL_BYTES], text[NAME_BYTES];
	struct name name = {0};
	if (u->symbols_left < file->elf.symbol_count)
		return name;
	u->symbols_left -= file->elf.symbol_count;
	if (native_elf_function(&file->elf, address, symbol, sizeof symbol, &name.into)) {
		if (!native_name(symbol, text, sizeof text))
			snprintf(text, sizeof text, "%.*s", NAME_BYTES - 1, symbol);
		name.function = mem_alloc(strlen(text) + 1);
		memcpy(name.function, text, strlen(text) + 1);
	}
	return name;
}

/* What was not looked up for want of time is not kept. */
static struct name name_at(struct native_unwinder *u, const struct file *file, uint64_t address)
{
	const uint64_t key = hash_mix64(file->number ^ hash_mix64(address));
	const uint64_t *known = map_find(&u->name_of, key);
	if (known)
		return u->names.items[*known];
	if (u->names.count == NAMES_MAX)
		return (struct name){0};
	const bool looks = u->symbols_left >= file->elf.symbol_count;
	const struct name name = look_up(u, file, address);
	if (looks) {
		*map_put(&u->name_of, key, NULL) = u->names.count;
		*vec_push(&u->names) = name;
	}
	return name;
}

static bool is_evaluator(const char *function)
{
	for (size_t i = 0; function && i < sizeof evaluators / sizeof *evaluators; i++)
		if (str_starts_with(function, evaluators[i]))
			return true;
	return false;
}

/* --- the stack ---------------------------------------------------------------- */

static bool read_stack(void *context, uint64_t address, uint64_t *word)
{
	const struct heap_native *stack = context;
	const uint64_t offset = (address - stack->stack_at) / sizeof(uint64_t);
	uint32_t low = 0, high = stack->word_count;
	if (address < stack->stack_at || address % sizeof(uint64_t) || offset > UINT16_MAX)
		return false;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		if (stack->offsets[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == stack->word_count || stack->offsets[low] != offset)
		return false;
	*word = stack->words[low];
	return true;
}

static void begin(const struct heap_native *stack, struct cfi_frame *frame)
{
	*frame = (struct cfi_frame){.pc = stack->pc};
	for (unsigned i = 0; i < HEAP_NATIVE_REGISTERS; i++) {
		frame->registers[i] = stack->registers[i];
		if (stack->registers[i])
			frame->known |= UINT64_C(1) << i;
	}
	frame->registers[cfi_stack_pointer()] = stack->stack_at;
	frame->known |= UINT64_C(1) << cfi_stack_pointer();
}

/* A frame's place in its file. */
struct place {
	const struct mapping *mapping;
	const struct file *file;
	uint64_t bias, address; /* address: of the call, where it is a caller */
};

static bool place_of(struct native_unwinder *u, const struct cfi_frame *frame, struct place *out)
{
	const uint64_t at = frame->pc - frame->is_caller;
	out->mapping = maps_find(&u->maps, (uintptr_t)at);
	out->file = out->mapping ? file_of(u, out->mapping) : NULL;
	if (!out->file ||
	    !native_elf_address(&out->file->elf,
				out->mapping->file_offset + (at - out->mapping->start),
				&out->address))
		return false;
	out->bias = at - out->address;
	return true;
}

void native_unwind(struct native_unwinder *u, const struct heap_native *stack, struct arena *arena,
		   struct heap_native_chain *out)
{
	struct heap_native_frame *frames =
		arena_alloc(arena, HEAP_NATIVE_FRAMES_MAX * sizeof *frames);
	uint64_t agent = 0; /* number of its file: the first frames are its own */
	struct cfi_frame frame;
	*out = (struct heap_native_chain){.site = stack->site,
					  .size = stack->size,
					  .end = HEAP_NATIVE_UNKNOWN,
					  .frames = frames};
	begin(stack, &frame);
	for (int step = 0; step < STEPS_MAX && out->count < HEAP_NATIVE_FRAMES_MAX; step++) {
		struct place place;
		if (!place_of(u, &frame, &place))
			return;
		if (step == 0)
			agent = place.file->number;
		if (place.file->number != agent) {
			const struct name name = name_at(u, place.file, place.address);
			if (is_evaluator(name.function)) {
				out->end = HEAP_NATIVE_PYTHON;
				return;
			}
			frames[out->count++] = (struct heap_native_frame){
				.library = arena_string(arena, place.mapping->path),
				.function =
					name.function ? arena_string(arena, name.function) : NULL,
				/* of the return address, as heap_site.native */
				.offset = (name.function ? name.into : place.address) +
					  frame.is_caller,
			};
			agent = 0;
		}
		switch (cfi_step(&place.file->elf, place.bias, read_stack, (void *)stack, &frame)) {
		case CFI_GOES_ON:
			break;
		case CFI_OUTERMOST:
			out->end = HEAP_NATIVE_THREAD;
			return;
		case CFI_UNKNOWN:
			return;
		}
	}
}
