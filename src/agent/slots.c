/* Relocation slots: how the agent hears calls to libraries that LD_PRELOAD
 * cannot reach by name, because they were loaded privately (dlopen with
 * RTLD_LOCAL) or exist in several copies (wheels bring their own libssl).
 *
 * Each loaded object's relocations are read from its own dynamic section (ELF
 * gABI chapter 5; types: x86-64 psABI table 4.9, AArch64 ELF ABI table 5.14). A
 * slot whose symbol is hooked gets the replacement that belongs to what the
 * slot held, so that each copy of a library keeps its own original.
 *
 * dl_iterate_phdr keeps objects from going away while they are patched. dlopen
 * must not be called under its lock (the loader takes the two in the other
 * order), therefore lazily bound slots are only noted there.
 */
#include "agent/slots.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/dlopen.h"

#if defined(__x86_64__)
#define SLOT_JUMP R_X86_64_JUMP_SLOT
#define SLOT_DATA R_X86_64_GLOB_DAT
#define SLOT_WORD R_X86_64_64
#elif defined(__aarch64__)
#define SLOT_JUMP R_AARCH64_JUMP_SLOT
#define SLOT_DATA R_AARCH64_GLOB_DAT
#define SLOT_WORD R_AARCH64_ABS64
#else
#error "unslow's agent knows the relocations of x86-64 and AArch64 only"
#endif

#define OBJECTS_MAX 2048 /* scanned objects remembered; more are scanned again each time */
#define LAZY_MAX 64      /* lazily bound slots in one scan */
#define SLOTS_PATH_MAX 512

struct object {
	const struct dl_phdr_info *info;
	const ElfW(Sym) * symbols;
	const char *names;
	const ElfW(Rela) * tables[2];
	size_t counts[2];
	uintptr_t relro_start, relro_end; /* pages the loader made read-only */
	uintptr_t low, high;              /* its image */
};

struct lazy_slot {
	uintptr_t slot;
	const struct slot_hook *hook;
	bool read_only;
	char path[SLOTS_PATH_MAX]; /* empty: the program */
};

static struct {
	_Atomic bool busy;
	_Atomic bool pending;
	uintptr_t page_bytes;
	unsigned long long adds, subs; /* the loader's counters at the last scan */
	uintptr_t objects[OBJECTS_MAX];
	size_t object_count;
	struct lazy_slot lazy[LAZY_MAX];
	size_t lazy_count;
} scan;

static const struct slot_hook *const hook_tables[] = {slot_hooks_sqlite, slot_hooks_sqlite_bind,
						      slot_hooks_tls};

static const struct slot_hook *find_hook(const char *name)
{
	if (strncmp(name, "sqlite3_", 8) != 0 && strncmp(name, "SSL_", 4) != 0)
		return NULL;
	for (size_t t = 0; t < sizeof hook_tables / sizeof *hook_tables; t++)
		for (const struct slot_hook *h = hook_tables[t]; h->name; h++)
			if (strcmp(h->name, name) == 0)
				return h;
	return NULL;
}

static bool is_replacement(const struct slot_hook *hook, void *value)
{
	for (int i = 0; i < SLOT_INSTANCES; i++)
		if (hook->replacements[i] == value)
			return true;
	return false;
}

/* The replacement for this original; NULL when there are too many of them. */
static void *replacement_for(const struct slot_hook *hook, void *original)
{
	for (int i = 0; i < SLOT_INSTANCES; i++) {
		if (!hook->originals[i])
			__atomic_store_n(&hook->originals[i], original, __ATOMIC_RELEASE);
		if (hook->originals[i] == original)
			return hook->replacements[i];
	}
	agent_count_loss(LOSS_HOOK_INSTANCES);
	return NULL;
}

static void write_slot(uintptr_t slot, void *value, bool read_only)
{
	/* A slot is 8-aligned, so it never crosses a page. */
	void *page = (void *)(slot & ~(scan.page_bytes - 1));
	if (read_only && mprotect(page, scan.page_bytes, PROT_READ | PROT_WRITE) != 0) {
		agent_count_loss(LOSS_HOOK_INSTANCES);
		return;
	}
	__atomic_store_n((void **)slot, value, __ATOMIC_RELEASE);
	if (read_only)
		mprotect(page, scan.page_bytes, PROT_READ);
}

void slots_write(const struct slot *slot, void *value)
{
	write_slot(slot->at, value, slot->read_only);
}

static void patch(uintptr_t slot, const struct slot_hook *hook, void *original, bool read_only)
{
	void *replacement = replacement_for(hook, original);
	if (replacement)
		write_slot(slot, replacement, read_only);
}

/* The image of the object lies in a writable segment at `slot`. */
static bool is_data(const struct dl_phdr_info *info, uintptr_t slot)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr;
		if (p->p_type == PT_LOAD && (p->p_flags & PF_W) && slot >= start &&
		    slot + sizeof(void *) <= start + p->p_memsz)
			return true;
	}
	return false;
}

/* The name that the relocation asks for; NULL: it makes no slot of a function. */
static const char *name_of(const struct object *o, const ElfW(Rela) * rela)
{
	unsigned long type = ELF64_R_TYPE(rela->r_info);
	if (type != SLOT_JUMP && type != SLOT_DATA && (type != SLOT_WORD || rela->r_addend != 0))
		return NULL;
	return o->names + o->symbols[ELF64_R_SYM(rela->r_info)].st_name;
}

/* What it holds. False: it is not there, or empty. */
static bool read_slot(const struct object *o, const ElfW(Rela) * rela, struct slot *slot)
{
	const ElfW(Sym) *symbol = &o->symbols[ELF64_R_SYM(rela->r_info)];
	slot->at = o->info->dlpi_addr + rela->r_offset;
	if (slot->at % sizeof(void *) != 0 || !is_data(o->info, slot->at))
		return false;
	slot->value = __atomic_load_n((void **)slot->at, __ATOMIC_ACQUIRE);
	slot->read_only = slot->at >= o->relro_start && slot->at < o->relro_end;
	bool own_image = (uintptr_t)slot->value >= o->low && (uintptr_t)slot->value < o->high;
	slot->is_stub = symbol->st_shndx == SHN_UNDEF && own_image;
	return slot->value != NULL;
}

static void patch_relocation(const struct object *o, const ElfW(Rela) * rela, bool *touches_sqlite)
{
	const char *name = name_of(o, rela);
	struct slot found;
	if (!name || (name[0] != 's' && name[0] != 'S'))
		return;
	if (strncmp(name, "sqlite3_", 8) == 0)
		*touches_sqlite = true;
	const struct slot_hook *hook = find_hook(name);
	if (!hook || !read_slot(o, rela, &found) || is_replacement(hook, found.value))
		return;
	uintptr_t slot = found.at;
	void *value = found.value;
	bool read_only = found.read_only;
	if (!found.is_stub) {
		patch(slot, hook, value, read_only);
		return;
	}
	/* Imported, but it points into the importer: its own stub for lazy binding. Called through
	   us, the loader would resolve the name and overwrite the patch. */
	if (scan.lazy_count == LAZY_MAX || strlen(o->info->dlpi_name) >= SLOTS_PATH_MAX) {
		agent_count_loss(LOSS_HOOK_INSTANCES);
		return;
	}
	struct lazy_slot *lazy = &scan.lazy[scan.lazy_count++];
	lazy->slot = slot;
	lazy->hook = hook;
	lazy->read_only = read_only;
	/* length checked above */
	memcpy(lazy->path, o->info->dlpi_name, strlen(o->info->dlpi_name) + 1);
}

/* False: it has no dynamic section that we can read. */
static bool read_object(struct object *o, const struct dl_phdr_info *info)
{
	const ElfW(Dyn) *dynamic = NULL;
	*o = (struct object){.info = info, .low = UINTPTR_MAX};
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr, end = start + p->p_memsz;
		if (p->p_type == PT_DYNAMIC) {
			dynamic = (const ElfW(Dyn) *)start;
		} else if (p->p_type == PT_GNU_RELRO) {
			/* _dl_protect_relro: both ends rounded down. */
			o->relro_start = start & ~(scan.page_bytes - 1);
			o->relro_end = end & ~(scan.page_bytes - 1);
		} else if (p->p_type == PT_LOAD) {
			o->low = start < o->low ? start : o->low;
			o->high = end > o->high ? end : o->high;
		}
	}
	if (!dynamic)
		return false;
	uintptr_t pointers[DT_NUM] = {0};
	for (; dynamic->d_tag != DT_NULL; dynamic++)
		if (dynamic->d_tag > 0 && dynamic->d_tag < DT_NUM)
			pointers[dynamic->d_tag] = dynamic->d_un.d_ptr;
	static const int addresses[] = {DT_SYMTAB, DT_STRTAB, DT_JMPREL, DT_RELA};
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		uintptr_t *p = &pointers[addresses[i]];
		if (*p &&
		    *p < info->dlpi_addr) /* musl leaves them as in the file, glibc does not */
			*p += info->dlpi_addr;
		if (*p && (*p < o->low || *p >= o->high))
			return false;
	}
	if (!pointers[DT_SYMTAB] || !pointers[DT_STRTAB])
		return false;
	o->symbols = (const ElfW(Sym) *)pointers[DT_SYMTAB];
	o->names = (const char *)pointers[DT_STRTAB];
	if (pointers[DT_PLTREL] == DT_RELA) {
		o->tables[0] = (const ElfW(Rela) *)pointers[DT_JMPREL];
		o->counts[0] = pointers[DT_JMPREL] ? pointers[DT_PLTRELSZ] / sizeof(ElfW(Rela)) : 0;
	}
	o->tables[1] = (const ElfW(Rela) *)pointers[DT_RELA];
	o->counts[1] = pointers[DT_RELA] ? pointers[DT_RELASZ] / sizeof(ElfW(Rela)) : 0;
	return true;
}

/* An extension module for SQLite that calls no sqlite3_ function through a slot has the library
 * built in: apsw, pysqlite3-binary. */
static void say_if_hidden(const char *path)
{
	const char *base = strrchr(path, '/');
	base = base ? base + 1 : path;
	/* pysqlite3's and sqlcipher3's modules have the word in their own name. */
	bool module = strstr(base, ".so") && strncmp(base, "lib", 3) != 0;
	if (module && (strstr(base, "sqlite") || strstr(base, "sqlcipher") ||
		       strncmp(base, "apsw", 4) == 0 || strstr(path, "/apsw/__init__.")))
		agent_part_off(
			"agent.sqlite",
			"not visible: %.60s has its own copy of SQLite built in, whose calls "
			"cannot be followed; its statements are missing here",
			strstr(path, "/apsw/") ? "apsw" : base);
}

static bool seen_before(uintptr_t base)
{
	for (size_t i = 0; i < scan.object_count; i++)
		if (scan.objects[i] == base)
			return true;
	if (scan.object_count < OBJECTS_MAX)
		scan.objects[scan.object_count++] = base;
	return false;
}

static bool is_agent(const struct object *o)
{
	return (uintptr_t)&scan >= o->low && (uintptr_t)&scan < o->high &&
	       o->info->dlpi_name[0] != '\0';
}

static int visit(struct dl_phdr_info *info, size_t size, void *first)
{
	(void)size;
	if (*(bool *)first) {
		*(bool *)first = false;
		if (info->dlpi_adds == scan.adds && info->dlpi_subs == scan.subs)
			return 1; /* nothing new since the last scan */
		if (info->dlpi_subs != scan.subs)
			scan.object_count = 0; /* an address may have a new tenant */
		scan.adds = info->dlpi_adds;
		scan.subs = info->dlpi_subs;
	}
	struct object o;
	if (seen_before((uintptr_t)info->dlpi_phdr) || !read_object(&o, info) || is_agent(&o))
		return 0;
	bool touches_sqlite = false;
	for (int t = 0; t < 2; t++)
		for (size_t i = 0; i < o.counts[t]; i++)
			patch_relocation(&o, &o.tables[t][i], &touches_sqlite);
	if (!touches_sqlite)
		say_if_hidden(info->dlpi_name);
	return 0;
}

/* --- for other hooks than the libraries' ------------------------------------- */

static int walk_object(struct dl_phdr_info *info, size_t size, void *context)
{
	const struct slots_walk *walk = context;
	struct object o;
	struct slot slot;
	(void)size;
	if (!walk->wants((uintptr_t)info->dlpi_phdr) || !read_object(&o, info) || is_agent(&o))
		return 0;
	walk->object(info->dlpi_name, info->dlpi_addr, o.low, o.high);
	for (int t = 0; t < 2; t++)
		for (size_t i = 0; i < o.counts[t]; i++) {
			slot.name = name_of(&o, &o.tables[t][i]);
			if (slot.name && walk->names(slot.name) &&
			    read_slot(&o, &o.tables[t][i], &slot))
				walk->slot(&slot);
		}
	return 0;
}

void slots_walk(const struct slots_walk *walk)
{
	dl_iterate_phdr(walk_object, (void *)(uintptr_t)walk);
}

static int read_counters(struct dl_phdr_info *info, size_t size, void *changes)
{
	(void)size;
	((struct slots_changes *)changes)->adds = info->dlpi_adds;
	((struct slots_changes *)changes)->subs = info->dlpi_subs;
	return 1;
}

struct slots_changes slots_changes_now(void)
{
	struct slots_changes changes = {0};
	dl_iterate_phdr(read_counters, &changes);
	return changes;
}

/* --- libraries' ----------------------------------------------------------------- */

static void bind_lazy(const struct lazy_slot *lazy)
{
	void *handle = dlopen_real(lazy->path[0] ? lazy->path : NULL, RTLD_LAZY | RTLD_NOLOAD);
	void *original = handle ? dlsym(handle, lazy->hook->name) : NULL;
	if (original)
		patch(lazy->slot, lazy->hook, original, lazy->read_only);
	else
		agent_count_loss(LOSS_HOOK_INSTANCES);
	if (handle)
		dlclose(handle);
}

void slots_scan(void)
{
	if (atomic_exchange_explicit(&scan.busy, true, memory_order_acquire)) {
		slots_mark_pending(); /* another thread is at it and may be past the new object */
		return;
	}
	atomic_store_explicit(&scan.pending, false, memory_order_relaxed);
	if (!scan.page_bytes)
		scan.page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
	bool first = true;
	scan.lazy_count = 0;
	dl_iterate_phdr(visit, &first);
	for (size_t i = 0; i < scan.lazy_count; i++)
		bind_lazy(&scan.lazy[i]);
	tls_after_scan();
	sqlite_after_scan();
	heap_slots_after_scan();
	atomic_store_explicit(&scan.busy, false, memory_order_release);
}

bool slots_exclusively(void (*what)(void))
{
	if (atomic_exchange_explicit(&scan.busy, true, memory_order_acquire)) {
		slots_mark_pending();
		return false;
	}
	if (!scan.page_bytes)
		scan.page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
	what();
	atomic_store_explicit(&scan.busy, false, memory_order_release);
	return true;
}

void slots_after_fork(void)
{
	/* by a thread that is not here: what it had not reached is looked at again */
	if (atomic_exchange(&scan.busy, false)) {
		scan.adds = scan.subs = 0;
		scan.object_count = 0;
		slots_mark_pending();
	}
}

void slots_mark_pending(void)
{
	atomic_store_explicit(&scan.pending, true, memory_order_relaxed);
}

void slots_scan_if_pending(void)
{
	if (UNLIKELY(atomic_load_explicit(&scan.pending, memory_order_relaxed)))
		slots_scan();
}
