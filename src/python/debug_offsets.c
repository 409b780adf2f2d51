/* Field orders of _Py_DebugOffsets as data, and their decoders.
 * Source: Include/internal/pycore_runtime.h of 3.13 (struct _Py_DebugOffsets). */
#include "python/debug_offsets.h"

#include <stdio.h>
#include <string.h>

#define COOKIE "xdebugpy"
/* cookie, version, free_threaded */
#define HEADER_BYTES 24u

/* Where a field of the debug offsets goes. NOT_KEPT: only the place is counted. */
#define NOT_KEPT UINT16_MAX
struct order {
	const char *name;
	uint16_t to; /* offset inside struct py_layout, u16 */
};

#define KEEP(name, field) \
	{ \
		name, offsetof(struct py_layout, field) \
	}
#define SKIP(name) \
	{ \
		name, NOT_KEPT \
	}

static const struct order order_3_13[] = {
	SKIP("runtime_state.size"),
	SKIP("runtime_state.finalizing"),
	KEEP("runtime_state.interpreters_head", runtime_interpreters_head),
	SKIP("interpreter_state.size"),
	KEEP("interpreter_state.id", interp_id),
	KEEP("interpreter_state.next", interp_next),
	KEEP("interpreter_state.threads_head", interp_threads_head),
	SKIP("interpreter_state.gc"),
	SKIP("interpreter_state.imports_modules"),
	SKIP("interpreter_state.sysdict"),
	SKIP("interpreter_state.builtins"),
	KEEP("interpreter_state.ceval_gil", interp_gil),
	SKIP("interpreter_state.gil_runtime_state"),
	SKIP("interpreter_state.gil_runtime_state_enabled"),
	SKIP("interpreter_state.gil_runtime_state_locked"), /* inside the interpreter, not the GIL
							     */
	SKIP("interpreter_state.gil_runtime_state_holder"),
	SKIP("thread_state.size"),
	SKIP("thread_state.prev"),
	KEEP("thread_state.next", tstate_next),
	KEEP("thread_state.interp", tstate_interp),
	KEEP("thread_state.current_frame", tstate_frame),
	KEEP("thread_state.thread_id", tstate_thread_id),
	KEEP("thread_state.native_thread_id", tstate_native_thread_id),
	KEEP("thread_state.datastack_chunk", tstate_datastack_chunk),
	SKIP("thread_state.status"),
	KEEP("interpreter_frame.size", frame_size),
	KEEP("interpreter_frame.previous", frame_back),
	KEEP("interpreter_frame.executable", frame_code),
	KEEP("interpreter_frame.instr_ptr", frame_instr),
	SKIP("interpreter_frame.localsplus"),
	KEEP("interpreter_frame.owner", frame_owner),
	SKIP("code_object.size"),
	KEEP("code_object.filename", code_filename),
	KEEP("code_object.name", code_name),
	KEEP("code_object.qualname", code_qualname),
	KEEP("code_object.linetable", code_line_table),
	KEEP("code_object.firstlineno", code_first_line),
	SKIP("code_object.argcount"),
	SKIP("code_object.localsplusnames"),
	SKIP("code_object.localspluskinds"),
	KEEP("code_object.co_code_adaptive", code_instructions),
	SKIP("pyobject.size"),
	KEEP("pyobject.ob_type", object_type),
	SKIP("type_object.size"),
	KEEP("type_object.tp_name", type_name),
	SKIP("type_object.tp_repr"),
	SKIP("type_object.tp_flags"),
	SKIP("tuple_object.size"),
	SKIP("tuple_object.ob_item"),
	SKIP("tuple_object.ob_size"),
	SKIP("list_object.size"),
	SKIP("list_object.ob_item"),
	SKIP("list_object.ob_size"),
	SKIP("dict_object.size"),
	SKIP("dict_object.ma_keys"),
	SKIP("dict_object.ma_values"),
	SKIP("float_object.size"),
	SKIP("float_object.ob_fval"),
	SKIP("long_object.size"),
	SKIP("long_object.lv_tag"),
	SKIP("long_object.ob_digit"),
	SKIP("bytes_object.size"),
	KEEP("bytes_object.ob_size", bytes_size),
	KEEP("bytes_object.ob_sval", bytes_data),
	SKIP("unicode_object.size"),
	KEEP("unicode_object.state", str_state),
	KEEP("unicode_object.length", str_length),
	KEEP("unicode_object.asciiobject_size", str_data_ascii),
	SKIP("gc.size"),
	SKIP("gc.collecting"),
};

static const struct {
	uint32_t minor; /* version_hex >> 16 */
	const struct order *fields;
	size_t count;
} orders[] = {
	{0x030d, order_3_13, sizeof(order_3_13) / sizeof(order_3_13[0])},
};

static uint64_t word(const uint8_t *bytes, size_t at)
{
	uint64_t value;

	memcpy(&value, bytes + at, sizeof(value));
	return value;
}

static bool decode_fields(const struct order *fields, size_t count, const uint8_t *bytes,
			  struct py_layout *layout, char *reason, size_t reason_size)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = word(bytes, HEADER_BYTES + i * sizeof(value));
		uint16_t kept = (uint16_t)value;

		if (fields[i].to == NOT_KEPT)
			continue;
		if (value >= PY_UNKNOWN) {
			snprintf(reason, reason_size,
				 "_Py_DebugOffsets.%s is %llu, past any struct of CPython: memory "
				 "is "
				 "damaged or this build has another layout",
				 fields[i].name, (unsigned long long)value);
			return false;
		}
		memcpy((uint8_t *)layout + fields[i].to, &kept, sizeof(kept));
	}
	return true;
}

/* A field of another struct: the offset in it, u16. */
struct kept {
	const char *name;
	size_t to;
};

static void decode_kept(const uint8_t *bytes, const struct kept *kept, size_t kept_count, void *to)
{
	const size_t count = sizeof(order_3_13) / sizeof(order_3_13[0]);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < kept_count; k++) {
			uint16_t value = (uint16_t)word(bytes, HEADER_BYTES + i * sizeof(uint64_t));

			if (strcmp(order_3_13[i].name, kept[k].name) == 0)
				memcpy((uint8_t *)to + kept[k].to, &value, sizeof(value));
		}
	}
}

void debug_offsets_decode_objects(const uint8_t *bytes, struct py_objects *objects)
{
	static const struct kept kept[] = {
		{"interpreter_state.imports_modules", offsetof(struct py_objects, interp_modules)},
		{"interpreter_state.sysdict", offsetof(struct py_objects, interp_sysdict)},
	};

	decode_kept(bytes, kept, sizeof(kept) / sizeof(kept[0]), objects);
}

void debug_offsets_decode_heap(const uint8_t *bytes, struct py_heap *heap)
{
	static const struct kept kept[] = {
		{"interpreter_state.gc", offsetof(struct py_heap, gc_state)},
		{"gc.collecting", offsetof(struct py_heap, gc_collecting)},
	};

	decode_kept(bytes, kept, sizeof(kept) / sizeof(kept[0]), heap);
}

bool debug_offsets_decode(const uint8_t *bytes, size_t size, struct py_layout *layout, char *reason,
			  size_t reason_size)
{
	if (size < HEADER_BYTES || memcmp(bytes, COOKIE, strlen(COOKIE)) != 0) {
		snprintf(reason, reason_size,
			 "_PyRuntime does not begin with _Py_DebugOffsets: not CPython 3.13 or "
			 "newer");
		return false;
	}
	uint64_t version = word(bytes, 8);

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		const struct py_layout *table = py_layout_for((uint32_t)version);

		if (version >> 16 != orders[i].minor || table == NULL)
			continue;
		if (size < HEADER_BYTES + orders[i].count * sizeof(uint64_t)) {
			snprintf(reason, reason_size, "_Py_DebugOffsets is cut off at %zu bytes",
				 size);
			return false;
		}
		if (word(bytes, 16) != 0) {
			snprintf(
				reason, reason_size,
				"free-threaded builds are not supported: use a build with the GIL");
			return false;
		}
		struct py_layout decoded = *table;

		decoded.version_hex = (uint32_t)version;
		if (!decode_fields(orders[i].fields, orders[i].count, bytes, &decoded, reason,
				   reason_size))
			return false;
		*layout = decoded;
		return true;
	}
	snprintf(reason, reason_size,
		 "CPython %llu.%llu is newer than this unslow knows (3.8 to 3.13): update unslow",
		 (unsigned long long)(version >> 24 & 0xff),
		 (unsigned long long)(version >> 16 & 0xff));
	return false;
}
