#include "python/remote.h"

#include <ctype.h>

#include "base/scan.h"
#include "python/debug_offsets.h"
#include "python/remote_objects.h"

enum { VERSION_3_13 = 0x030d0000, TAG_BYTES = 16, MINOR_MAX = 99, REASON_BYTES = 300 };

static void take(struct remote *r, const struct py_layout *row, uint32_t version_hex)
{
	r->layout = *row;
	r->layout.version_hex = version_hex;
	r->objects = *py_objects_for(version_hex);
}

/* 3.13 and later say their offsets themselves. */
static enum err_kind take_debug_offsets(struct remote *r, struct err *e)
{
	uint8_t bytes[DEBUG_OFFSETS_BYTES_MAX];
	char reason[REASON_BYTES];
	if (!r->read(r->context, r->symbols.runtime, bytes, sizeof bytes))
		return ERR(e, ERR_INVALID, "_PyRuntime: its beginning cannot be read");
	if (!debug_offsets_decode(bytes, sizeof bytes, &r->layout, reason, sizeof reason))
		return ERR(e, ERR_NO_TARGET, "%s", reason);
	r->objects = *py_objects_for(r->layout.version_hex);
	debug_offsets_decode_objects(bytes, &r->objects);
	return ERR_OK;
}

/* Releases without Py_Version: sys.hexversion, read by the offsets of each of them, must be that
 * release's own. */
static bool take_by_hexversion(struct remote *r)
{
	for (unsigned i = 0; i < py_layout_count; i++) {
		const struct py_layout *row = &py_layout_table[i];
		uint64_t hexversion = 0;
		if (row->frame_kind != PY_FRAME_OBJECT)
			continue;
		take(r, row, row->version_hex);
		const uintptr_t interpreter =
			remote_word(r, r->symbols.runtime, row->runtime_interpreters_head);
		const uintptr_t sys = remote_word(r, interpreter, r->objects.interp_sysdict);
		if (!remote_long(r, remote_dict_get(r, sys, "hexversion"), &hexversion) ||
		    hexversion >> 16 != row->version_hex >> 16)
			continue;
		r->layout.version_hex = (uint32_t)hexversion;
		return true;
	}
	return false;
}

/* sys.implementation.cache_tag: "cpython-314", "cpython-39" (Python/sysmodule.c): one digit, then
 * the minor's. */
static bool scan_cache_tag(const char *tag, uint64_t *major, uint64_t *minor)
{
	if (!scan_text(&tag, "cpython-") || !isdigit((unsigned char)*tag))
		return false;
	*major = (uint64_t)(*tag++ - '0');
	return scan_decimal(&tag, MINOR_MAX, minor);
}

static enum err_kind refuse_unknown(const struct remote *r, struct err *e)
{
	char tag[TAG_BYTES] = "";
	const uintptr_t text = remote_word(r, r->symbols.cache_tag, 0);
	uint64_t major, minor;
	if (r->symbols.string_2)
		return ERR(e, ERR_NO_TARGET,
			   "it is Python 2; unslow knows CPython 3.8 to 3.13: run the app on one");
	if (text && r->read(r->context, text, tag, sizeof tag - 1) &&
	    scan_cache_tag(tag, &major, &minor))
		return ERR(e, ERR_NO_TARGET,
			   "it is CPython %u.%u; unslow knows 3.8 to 3.13: run the app on one",
			   (unsigned)major, (unsigned)minor);
	if (!r->symbols.runtime)
		return ERR(e, ERR_NO_TARGET,
			   "it is a Python without _PyRuntime; unslow knows CPython 3.8 to 3.13");
	return ERR(e, ERR_NO_TARGET,
		   "its version cannot be read: it is still starting or ending, or is a build that "
		   "unslow does not know; try again");
}

enum err_kind remote_open(struct remote *r, walk_reader *read, void *context,
			  const struct remote_symbols *symbols, struct err *e)
{
	*r = (struct remote){
		.read = read, .context = context, .symbols = *symbols, .pthread_tid = PY_UNKNOWN};
	if (!symbols->runtime || !symbols->code_type || !symbols->str_type || !symbols->bytes_type)
		return refuse_unknown(r, e);
	if (!symbols->version)
		return take_by_hexversion(r) ? ERR_OK : refuse_unknown(r, e);
	const uint32_t version = (uint32_t)remote_word(r, symbols->version, 0);
	const struct py_layout *row = py_layout_for(version);
	if (!row)
		return ERR(
			e, ERR_NO_TARGET,
			"it is CPython %u.%u, newer than this unslow knows (3.8 to 3.13): update "
			"unslow",
			version >> 24, version >> 16 & 0xff);
	if (version >= VERSION_3_13)
		return take_debug_offsets(r, e);
	take(r, row, version);
	return ERR_OK;
}
