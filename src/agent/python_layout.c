/* Verifying a layout before anything is believed: every offset the agent will
 * use is compared with what CPython's public API says of the same thing.
 *
 * The frames are our own: eval() makes a lambda that runs a generator
 * expression that calls back here, so that a generator's frame, an ordinary one
 * and the C-stack frames between them stand in a known order. All objects made
 * here are released here; an exception is never left behind.
 */
#include "agent/app_errors.h"
#include "agent/python_api.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/mapped.h"
#include "python/python_text.h"
#include "agent/raw.h"
#include "python/debug_offsets.h"
#include "python/walk.h"

struct hamt_types agent_hamt_types;

#define LIST_MAX 100000 /* threads or interpreters looked at */
#define VARIABLES_MAX 256
#define METHOD_NO_ARGUMENTS 4 /* METH_NOARGS, Include/methodobject.h */

/* struct PyMethodDef, stable ABI */
struct method_def {
	const char *name;
	py_object (*call)(py_object self, py_object arguments);
	int flags;
	const char *doc;
};

/* The check under way; the GIL serialises it. */
static struct {
	struct py_layout layout;
	uintptr_t tstate;
	char *reason;
	size_t reason_size;
	bool frames_seen;
	bool ok;
} check;

__attribute__((format(printf, 1, 2))) static bool wrong(const char *format, ...)
{
	va_list arguments;
	char what[160];

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	snprintf(check.reason, check.reason_size,
		 "layout of CPython %s does not fit this build: %s; run with --no-agent",
		 py.version, what);
	return false;
}

/* A walk_reader that survives a wild address: a layout that does not fit must
 * be found out, not crash the app. */
static bool read_mapped(void *context, uintptr_t address, void *to, size_t size)
{
	(void)context;
	if (address == 0 || !mapped_readable(address, size))
		return false;
	memcpy(to, (const void *)address, size);
	return true;
}

/* 0 where nothing is mapped. */
static uintptr_t load(uintptr_t base, size_t offset)
{
	uintptr_t value = 0;

	return read_mapped(NULL, base + offset, &value, sizeof(value)) ? value : 0;
}

static int32_t load_int(uintptr_t base, size_t offset)
{
	int32_t value = 0;

	return read_mapped(NULL, base + offset, &value, sizeof(value)) ? value : 0;
}

/* Is the type at this address called `name` (at most 31 bytes)? */
static bool type_is_named(uintptr_t type, const char *name)
{
	char bytes[32];
	size_t length = strlen(name) + 1;

	return type != 0 && read_mapped(NULL, load(type, check.layout.type_name), bytes, length) &&
	       memcmp(bytes, name, length) == 0;
}

/* Address of an attribute's value; the object keeps it alive. 0: none. */
static uintptr_t attribute(py_object object, const char *name)
{
	py_object value = py.PyObject_GetAttrString(object, name);

	if (value == NULL) {
		app_errors_forget();
		return 0;
	}
	py.Py_DecRef(value);
	return (uintptr_t)value;
}

static bool attribute_int(py_object object, const char *name, long *value)
{
	py_object number = py.PyObject_GetAttrString(object, name);

	if (number == NULL) {
		app_errors_forget();
		return false;
	}
	*value = py.PyLong_AsLong(number);
	py.Py_DecRef(number);
	return true;
}

/* --- thread, interpreter, GIL ----------------------------------------------- */

static bool in_list(uintptr_t head, size_t next, uintptr_t wanted)
{
	for (int i = 0; head != 0 && i < LIST_MAX; i++, head = load(head, next)) {
		if (head == wanted)
			return true;
	}
	return false;
}

static bool check_thread(void)
{
	const struct py_layout *l = &check.layout;
	uintptr_t interp = load(check.tstate, l->tstate_interp);

	if (load(check.tstate, l->tstate_thread_id) != (uintptr_t)pthread_self())
		return wrong("tstate_thread_id");
	if (l->tstate_native_thread_id != PY_UNKNOWN &&
	    load(check.tstate, l->tstate_native_thread_id) != (uintptr_t)raw_call(SYS_gettid))
		return wrong("tstate_native_thread_id");
	if (!in_list(load((uintptr_t)py.runtime, l->runtime_interpreters_head), l->interp_next,
		     interp))
		return wrong("runtime_interpreters_head, interp_next or tstate_interp");
	if (!in_list(load(interp, l->interp_threads_head), l->tstate_next, check.tstate))
		return wrong("interp_threads_head or tstate_next");
	if (load(interp, l->interp_id) > UINT32_MAX)
		return wrong("interp_id");
	return true;
}

static bool check_gil(void)
{
	const struct py_layout *l = &check.layout;
	uintptr_t gil = l->interp_gil != PY_UNKNOWN
				? load(load(check.tstate, l->tstate_interp), l->interp_gil)
				: (uintptr_t)py.runtime + l->runtime_gil;

	if (gil == 0 || gil % sizeof(uintptr_t) != 0 || load_int(gil, l->gil_locked) != 1)
		return wrong("gil_locked or the GIL's place");
	if (load(gil, l->gil_last_holder) != check.tstate)
		return wrong("gil_last_holder");
	if (l->gil_cond + sizeof(pthread_cond_t) > l->gil_mutex ||
	    l->gil_mutex + sizeof(pthread_mutex_t) > l->gil_switch_cond ||
	    l->gil_switch_cond + sizeof(pthread_cond_t) > l->gil_size)
		return wrong("gil_cond, gil_mutex, gil_switch_cond or gil_size");
	return true;
}

/* --- strings ------------------------------------------------------------- */

static bool same_text(py_object string)
{
	py_ssize length = 0;
	const char *expected = py.PyUnicode_AsUTF8AndSize(string, &length);
	char written[64];
	struct python_text text = python_text_of(&check.layout, (uintptr_t)string);

	if (expected == NULL) {
		app_errors_forget();
		return false;
	}
	size_t compared = python_text_utf8_bytes(text, sizeof(written));
	if (length <= (py_ssize)sizeof(written) && compared != (size_t)length)
		return false;
	python_text_write(text, sizeof(written), written);
	return memcmp(written, expected, compared) == 0;
}

static bool check_texts(void)
{
	/* ASCII, then one, two and four bytes a character */
	static const char *const samples[] = {"unslow", "caf\xc3\xa9", "\xd0\xb6\xd1\x83\xd0\xba",
					      "a\xf0\x9f\x90\x8d"};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		py_object string = py.PyUnicode_FromString(samples[i]);

		if (string == NULL || !same_text(string)) {
			py.Py_DecRef(string);
			return wrong("str_state, str_length or str_data (sample %zu)", i);
		}
		py.Py_DecRef(string);
	}
	py_object bytes = py.PyBytes_FromStringAndSize("0123456", 7);
	if (bytes == NULL)
		return wrong("bytes");
	bool ok =
		load((uintptr_t)bytes, check.layout.bytes_size) == 7 &&
		(uintptr_t)py.PyBytes_AsString(bytes) == (uintptr_t)bytes + check.layout.bytes_data;
	py.Py_DecRef(bytes);
	return ok || wrong("bytes_size or bytes_data");
}

/* --- frames and code ------------------------------------------------------- */

static bool check_code(py_object code)
{
	const struct py_layout *l = &check.layout;
	uintptr_t at = (uintptr_t)code;
	const char *table = l->line_format == PY_LINES_LNOTAB ? "co_lnotab" : "co_linetable";
	long first_line = 0, flags = 0;

	if (load(at, l->object_type) != (uintptr_t)py.code_type)
		return wrong("object_type");
	if (!type_is_named(load(at, l->object_type), "code"))
		return wrong("type_name");
	if (load(at, l->code_filename) != attribute(code, "co_filename"))
		return wrong("code_filename");
	if (load(at, l->code_name) != attribute(code, "co_name"))
		return wrong("code_name");
	if (l->code_qualname != PY_UNKNOWN &&
	    load(at, l->code_qualname) != attribute(code, "co_qualname"))
		return wrong("code_qualname");
	if (load(at, l->code_line_table) != attribute(code, table))
		return wrong("code_line_table");
	if (!attribute_int(code, "co_firstlineno", &first_line) ||
	    load_int(at, l->code_first_line) != first_line)
		return wrong("code_first_line");
	if (!attribute_int(code, "co_flags", &flags) || load_int(at, l->code_flags) != flags)
		return wrong("code_flags");
	if (l->frame_kind == PY_FRAME_OBJECT &&
	    load(at, l->code_instructions) != attribute(code, "co_code"))
		return wrong("code_instructions");
	if (!same_text((py_object)load(at, l->code_name)) ||
	    !same_text((py_object)load(at, l->code_filename)))
		return wrong("text of a code object's names");
	return true;
}

/* The next Python frame from f->frame on; counts the shims passed. */
static bool next_python(struct walk_frame *f, int *shims)
{
	for (*shims = 0; f->frame != 0; f->frame = f->back) {
		if (!walk_read_frame(&check.layout, read_mapped, NULL, (uintptr_t)py.code_type, f))
			return wrong("a frame that cannot be");
		if (f->kind == WALK_PYTHON)
			return true;
		(*shims)++;
	}
	return wrong("frame_back: the chain ends early");
}

/* Compares one frame of the walk with the frame object Python gives for it. */
static bool check_frame(const struct walk_frame *f, py_object frame)
{
	long offset = 0;
	uintptr_t code = attribute(frame, "f_code");

	if (f->code == 0 || f->code != code)
		return wrong("tstate_frame, frame_back or frame_code");
	/* in bytes in every version (3.10 and later convert) */
	if (!attribute_int(frame, "f_lasti", &offset) || f->instr_offset != (uint32_t)offset)
		return wrong("frame_instr or code_instructions: offset %u, f_lasti %ld",
			     f->instr_offset, offset);
	return check_code((py_object)code);
}

static bool check_owner(const struct walk_frame *f, bool generator)
{
	const struct py_layout *l = &check.layout;

	if (l->frame_owner == PY_UNKNOWN)
		return true;
	uint8_t owner = *(const uint8_t *)(f->frame + l->frame_owner);
	int32_t first = load_int(f->code, l->code_first_traceable);

	if ((owner == l->frame_owner_generator) != generator)
		return wrong("frame_owner or frame_owner_generator");
	if (first < 0 || first > 16)
		return wrong("code_first_traceable: %d", first);
	return true;
}

/* A function's frame lies in the used part of the newest chunk. */
static bool chunk_fits(uintptr_t frame)
{
	const struct py_layout *l = &check.layout;
	uintptr_t chunk = load(check.tstate, l->tstate_datastack_chunk);
	uintptr_t top = load(check.tstate, l->tstate_datastack_top);
	uintptr_t end = chunk + load(chunk, l->chunk_size);

	return chunk != 0 && chunk % sizeof(uintptr_t) == 0 && frame >= chunk && frame < top &&
	       top <= end && load(chunk, l->chunk_previous) % CHANNEL_PAGE == 0;
}

/* Is this frame the oldest one of an evaluation loop (3.11), or the shim behind it (3.12)? */
static bool is_boundary(uintptr_t frame)
{
	const struct py_layout *l = &check.layout;
	uint8_t entry = 0, owner = 0;

	if (l->frame_is_entry != PY_UNKNOWN)
		return read_mapped(NULL, frame + l->frame_is_entry, &entry, 1) && entry == 1;
	return read_mapped(NULL, frame + l->frame_owner, &owner, 1) &&
	       owner == l->frame_owner_cstack;
}

/* Frames and _PyCFrames meet at every boundary, from the newest to the root (chain.h). */
static bool cframes_fit(void)
{
	const struct py_layout *l = &check.layout;
	uintptr_t root = check.tstate + l->tstate_root_cframe;
	uintptr_t cframe = load(check.tstate, l->tstate_frame);
	uintptr_t frame = load(cframe, l->cframe_current_frame);
	int boundaries = 0;

	for (int i = 0; i < LIST_MAX && frame != 0 && cframe != root; i++) {
		uintptr_t back = load(frame, l->frame_back);

		if (is_boundary(frame)) {
			cframe = load(cframe, l->cframe_previous);
			boundaries++;
			if (load(cframe, l->cframe_current_frame) != back)
				return false;
		}
		frame = back;
	}
	return frame == 0 && cframe == root && boundaries > 1;
}

/* Fields no part needs for the truth of a stack: unknown rather than fatal. */
static void check_optional(const struct walk_frame *generator, const struct walk_frame *plain)
{
	struct py_layout *l = &check.layout;

	if (l->frame_kind != PY_FRAME_OBJECT &&
	    !type_is_named(load(generator->frame - l->gen_frame, l->object_type), "generator")) {
		l->gen_frame = PY_UNKNOWN;
		agent_part_off("agent.layout.gen_frame", "does not fit this build");
	}
	if (l->code_version != PY_UNKNOWN && (load_int(plain->code, l->code_version) <= 0 ||
					      load_int(plain->code, l->code_version) ==
						      load_int(generator->code, l->code_version))) {
		l->code_version = PY_UNKNOWN;
		agent_part_off("agent.layout.code_version", "does not fit this build");
	}
	if (l->tstate_datastack_chunk != PY_UNKNOWN && !chunk_fits(plain->frame)) {
		l->tstate_datastack_chunk = PY_UNKNOWN;
		agent_part_off("agent.layout.datastack_chunk", "does not fit this build");
	}
	if (l->tstate_root_cframe != PY_UNKNOWN && !cframes_fit()) {
		l->tstate_root_cframe = PY_UNKNOWN;
		agent_part_off("agent.layout.cframe", "does not fit this build");
	}
}

static bool check_frames(void)
{
	struct walk_frame f = {0}, generator;
	int shims;
	py_object frame = py.PyEval_GetFrame(), outer;
	bool ok;

	if (frame == NULL)
		return wrong("PyEval_GetFrame: no frame inside a call from Python");
	walk_newest(&check.layout, read_mapped, NULL, check.tstate, &f.frame);
	if (!next_python(&f, &shims) || shims != 0 || !check_frame(&f, frame) ||
	    !check_owner(&f, true))
		return check.reason[0] != '\0' ? false : wrong("frames above the running one");
	generator = f;
	outer = py.PyObject_GetAttrString(frame, "f_back");
	if (outer == NULL)
		return wrong("f_back");
	f.frame = f.back;
	ok = next_python(&f, &shims) && check_frame(&f, outer) && check_owner(&f, false);
	/* list() of a generator goes through C: one shim where the version has them */
	if (ok && shims != (check.layout.frame_owner_cstack != 0xFF))
		ok = wrong("frame_owner_cstack: %d shim frames", shims);
	if (ok)
		check_optional(&generator, &f);
	py.Py_DecRef(outer);
	return ok;
}

static py_object called_back(py_object self, py_object arguments)
{
	(void)self;
	(void)arguments;
	check.frames_seen = true;
	check.ok = check_frames();
	py.Py_IncRef(py.none);
	return py.none;
}

static bool run_frames(void)
{
	static struct method_def method = {"unslow_check", called_back, METHOD_NO_ARGUMENTS, NULL};
	py_object builtins = py.PyImport_ImportModule("builtins");
	py_object scope = py.PyDict_New();
	py_object function = py.PyCFunction_NewEx(&method, NULL, NULL);
	py_object lambda = NULL, result = NULL;

	check.frames_seen = false;
	if (builtins != NULL && scope != NULL && function != NULL)
		lambda = py.PyObject_CallMethod(builtins, "eval", "sO",
						"lambda check: [*(check() for _ in (0,))]", scope);
	if (lambda != NULL)
		result = py.PyObject_CallMethod(lambda, "__call__", "(O)", function);
	app_errors_forget();
	py_object made[] = {result, lambda, function, scope, builtins};
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		py.Py_DecRef(made[i]);
	}
	return check.frames_seen ? check.ok : wrong("the test function could not be run");
}

/* --- exception and context -------------------------------------------------- */

static bool check_exception(void)
{
	py.PyErr_SetString(py.type_error, "unslow");
	uintptr_t current = load(check.tstate, check.layout.tstate_curexc);
	bool is_type = current == (uintptr_t)py.type_error;
	bool is_instance = !is_type && check.layout.interp_gil != PY_UNKNOWN && current != 0 &&
			   load(current, check.layout.object_type) == (uintptr_t)py.type_error;

	app_errors_forget();
	if (!is_type && !is_instance)
		return wrong("tstate_curexc");
	return load(check.tstate, check.layout.tstate_curexc) == 0 || wrong("tstate_curexc");
}

static uintptr_t hamt_root_of(uintptr_t context)
{
	return load(load(context, check.layout.context_vars), check.layout.hamt_root);
}

/* An array node counts its children just behind them (Python/hamt.c). */
static bool array_adds_up(uintptr_t node)
{
	size_t at = check.layout.hamt_array, children = 0;

	for (size_t i = 0; i < 32; i++)
		children += load(node, at + i * sizeof(uintptr_t)) != 0;
	return at % sizeof(uintptr_t) == 0 && load(node, at + 32 * sizeof(uintptr_t)) == children;
}

/* Node types by name at the root, then each variable is looked up. */
static bool learn_nodes(uintptr_t context, const py_object *variables, size_t count)
{
	const struct py_layout *l = &check.layout;
	uintptr_t root = hamt_root_of(context);
	uintptr_t type = load(root, l->object_type);

	if (type_is_named(type, "hamt_bitmap_node"))
		agent_hamt_types.bitmap = type;
	else if (type_is_named(type, "hamt_array_node"))
		agent_hamt_types.array = type;
	else
		return wrong("context_vars or hamt_root: no HAMT node there");
	if (type == agent_hamt_types.array && !array_adds_up(root))
		return wrong("hamt_array");
	for (size_t i = 0; i < count; i++) {
		uint32_t hash = hamt_hash_of(py.PyObject_Hash(variables[i]));

		/* each variable holds itself */
		if (hamt_find_in_context(l, &agent_hamt_types, context, (uintptr_t)variables[i],
					 hash) != (uintptr_t)variables[i])
			return wrong("hamt fields: variable %zu of %zu is not found", i, count);
	}
	return true;
}

/* Adds variables to the entered context until the root has become an array node. */
static bool fill_context(uintptr_t context, py_object *variables, size_t *count)
{
	while (*count < VARIABLES_MAX && agent_hamt_types.array == 0) {
		py_object variable = py.PyContextVar_New("unslow_check", NULL);
		py_object token;

		if (variable == NULL)
			return wrong("PyContextVar_New");
		variables[(*count)++] = variable;
		token = py.PyContextVar_Set(variable, variable);
		if (token == NULL)
			return wrong("PyContextVar_Set");
		py.Py_DecRef(token);
		if (!learn_nodes(context, variables, *count))
			return false;
	}
	return (agent_hamt_types.array != 0 && agent_hamt_types.bitmap != 0) ||
	       wrong("hamt node types");
}

static bool check_context(void)
{
	py_object variables[VARIABLES_MAX];
	size_t count = 0;
	py_object context = py.PyContext_New();
	bool ok = false;

	agent_hamt_types = (struct hamt_types){0};
	if (context == NULL || py.PyContext_Enter(context) != 0) {
		wrong("PyContext_Enter");
		goto out;
	}
	if (load(check.tstate, check.layout.tstate_context) != (uintptr_t)context)
		wrong("tstate_context");
	else
		ok = fill_context((uintptr_t)context, variables, &count);
	/* a variable that holds itself is a circle: undone before it is let go */
	for (size_t i = 0; i < count; i++) {
		py_object token = py.PyContextVar_Set(variables[i], py.none);

		py.Py_DecRef(token);
	}
	py.PyContext_Exit(context);
out:
	app_errors_forget();
	for (size_t i = 0; i < count; i++)
		py.Py_DecRef(variables[i]);
	py.Py_DecRef(context);
	return ok;
}

/* --- all ------------------------------------------------------------------- */

static bool choose_layout(void)
{
	const struct py_layout *row = py_layout_for(py.version_hex);

	if (py.version_hex >> 16 >= 0x030d)
		return debug_offsets_decode(py.runtime, DEBUG_OFFSETS_BYTES_MAX, &check.layout,
					    check.reason, check.reason_size);
	if (row == NULL) {
		snprintf(check.reason, check.reason_size,
			 "CPython %s is older than 3.8: run a newer Python", py.version);
		return false;
	}
	check.layout = *row;
	check.layout.version_hex = py.version_hex;
	return true;
}

bool python_layout_verify(char *reason, size_t reason_size)
{
	check.reason = reason;
	check.reason_size = reason_size;
	reason[0] = '\0';
	if (!choose_layout())
		return false;
	if (!mapped_read()) {
		snprintf(reason, reason_size,
			 "/proc/self/maps cannot be read: mount /proc, or run with --no-agent");
		return false;
	}
	check.tstate = (uintptr_t)py.PyGILState_GetThisThreadState();
	if (check.tstate == 0 || !py.PyGILState_Check())
		return wrong("the layout was to be verified without the GIL");
	if (!check_thread() || !check_gil() || !check_texts() || !run_frames() ||
	    !check_exception() || !check_context())
		return false;
	agent_layout = check.layout;
	return true;
}
