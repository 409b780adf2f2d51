#include "agent/heap_real.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>

#include "agent/dlopen.h"

/* Does the object that holds the address define it there? */
static bool is_defined(void *address)
{
	const ElfW(Sym) *symbol = NULL;
	Dl_info info;

	/* one whose symbol is not exported can still be no stub of an import */
	return dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) != 0 &&
	       (symbol == NULL || symbol->st_shndx != SHN_UNDEF);
}

static bool is_in(void *address, const struct link_map *map)
{
	Dl_info info;

	return dladdr(address, &info) != 0 && (uintptr_t)info.dli_fbase == map->l_addr;
}

/* The first that defines it after the program, in the order in which names are looked up. */
static void *first_definition(const char *name)
{
	void *program = dlopen_real(NULL, RTLD_LAZY), *found = NULL;
	struct link_map *map = NULL;

	if (program == NULL || dlinfo(program, RTLD_DI_LINKMAP, &map) != 0)
		map = NULL;
	for (map = map != NULL ? map->l_next : NULL; map != NULL && found == NULL;
	     map = map->l_next) {
		void *handle = dlopen_real(map->l_name, RTLD_LAZY | RTLD_NOLOAD);
		void *symbol = handle != NULL ? dlsym(handle, name) : NULL;

		/* dlsym() looks in what the object needs, too */
		if (symbol != NULL && is_in(symbol, map))
			found = symbol;
		if (handle != NULL)
			dlclose(handle);
	}
	if (program != NULL)
		dlclose(program);
	return found;
}

void *heap_real_find(const char *name, void **stub)
{
	void *found = dlsym(RTLD_DEFAULT, name);

	*stub = NULL;
	if (found != NULL && !is_defined(found)) {
		*stub = found;
		found = first_definition(name);
	}
	(void)dlerror(); /* the app must not find our failure as its own */
	return found;
}
