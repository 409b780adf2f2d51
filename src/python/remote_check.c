#include "python/remote_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "python/remote_code.h"
#include "python/remote_frames.h"
#include "python/remote_objects.h"
#include "python/remote_threads.h"

enum {
	WORD = sizeof(uintptr_t),
	STRUCT_PTHREAD_BYTES = 1024, /* glibc 2.36 x86-64: tid at 720 */
	THREADS_CHECKED = 256,
	FRAMES_CHECKED = 64,
	FIRST_LINE_MIN = 50, /* of codecs.Codec.encode: 3.8–3.13 have it at 115–120 */
	FIRST_LINE_MAX = 2000,
	APART_MIN = 300, /* lines from it to codecs.iterencode: 890 and more */
	BODY_LINES_MAX = 60,
	TRACEABLE_MAX = 8, /* code units before a generator's first RESUME */
};

/* --- known code ------------------------------------------------------------- */

struct anchor {
	const char *name, *qualname;
	uintptr_t code;
	int32_t first_line, first_traceable;
};

/* A text that is not as expected is so by its place or by how it is read. */
#define STRING_FIELDS ", str_length, str_state, str_data_ascii or str_data_compact"

static bool text_is(const struct remote *r, uintptr_t string, const char *expected)
{
	char text[REMOTE_NAME_BYTES];
	return remote_text(r, string, text, sizeof text) == (long)strlen(expected) &&
	       strcmp(text, expected) == 0;
}

static enum err_kind check_anchor(const struct remote *r, uintptr_t function, struct anchor *anchor,
				  struct err *e)
{
	const struct py_layout *l = &r->layout;
	char file[REMOTE_NAME_BYTES];
	const uintptr_t code = remote_word(r, function, r->objects.function_code);
	anchor->code = code;
	if (!function)
		return ERR(e, ERR_INVALID,
			   "str_length, str_state, str_data_ascii, object_type, interp_modules, "
			   "module_dict, dict_keys, dict_values, keys_entries, keys_indices or "
			   "type_dict: codecs.%s is not found",
			   anchor->qualname);
	if (remote_word(r, code, l->object_type) != r->symbols.code_type)
		return ERR(e, ERR_INVALID, "object_type or function_code: no code object");
	if (!text_is(r, remote_word(r, code, l->code_name), anchor->name))
		return ERR(e, ERR_INVALID, "code_name" STRING_FIELDS ": not '%s'", anchor->name);
	if (l->code_qualname != PY_UNKNOWN &&
	    !text_is(r, remote_word(r, code, l->code_qualname), anchor->qualname))
		return ERR(e, ERR_INVALID, "code_qualname" STRING_FIELDS ": not '%s'",
			   anchor->qualname);
	if (remote_text(r, remote_word(r, code, l->code_filename), file, sizeof file) < 0 ||
	    !strstr(file, "codecs"))
		return ERR(e, ERR_INVALID, "code_filename" STRING_FIELDS ": not that of codecs");
	anchor->first_line = remote_int(r, code, l->code_first_line);
	if (anchor->first_line < FIRST_LINE_MIN || anchor->first_line > FIRST_LINE_MAX)
		return ERR(e, ERR_INVALID, "code_first_line: codecs.%s begins in line %d",
			   anchor->qualname, anchor->first_line);
	if (l->code_first_traceable != PY_UNKNOWN)
		anchor->first_traceable = remote_int(r, code, l->code_first_traceable);
	return ERR_OK;
}

/* The table is whole, and its first lines are those of the function. */
static enum err_kind check_table(const struct remote *r, const struct anchor *anchor, struct err *e)
{
	struct arena *arena = arena_new();
	struct remote_code code;
	enum err_kind kind = remote_code_read(r, anchor->code, arena, &code, e);
	if (kind == ERR_OK) {
		/* 3.11+: RESUME, which is in the line of the def; before: the first load */
		const uint32_t offset = r->layout.code_first_traceable != PY_UNKNOWN
						? (uint32_t)anchor->first_traceable * 2
						: 2;
		const int32_t line = remote_code_line(r, &code, offset);
		if (code.line_table_bytes == 0 || line < anchor->first_line ||
		    line > anchor->first_line + BODY_LINES_MAX)
			kind = ERR(
				e, ERR_INVALID,
				"code_line_table, bytes_data or bytes_size: codecs.%s would be in "
				"line %d",
				anchor->qualname, line);
	}
	arena_free(arena);
	return kind;
}

/* codecs.BOM_UTF8: bytes that are known. */
static enum err_kind check_bytes(const struct remote *r, uintptr_t interpreter, struct err *e)
{
	static const char mark[] = "\xef\xbb\xbf";
	const uintptr_t bytes = remote_global(r, interpreter, "codecs", "BOM_UTF8");
	char copy[sizeof mark];
	if (remote_word(r, bytes, r->layout.object_type) != r->symbols.bytes_type ||
	    remote_word(r, bytes, r->layout.bytes_size) != sizeof mark - 1 ||
	    !r->read(r->context, bytes + r->layout.bytes_data, copy, sizeof copy) ||
	    memcmp(copy, mark, sizeof copy) != 0)
		return ERR(e, ERR_INVALID, "bytes_size or bytes_data: not those of a known object");
	return ERR_OK;
}

static enum err_kind check_code(const struct remote *r, struct err *e)
{
	const uintptr_t interpreter = remote_main_interpreter(r);
	const uintptr_t codec = remote_global(r, interpreter, "codecs", "Codec");
	const uintptr_t method =
		remote_dict_get(r, remote_word(r, codec, r->objects.type_dict), "encode");
	const uintptr_t function = remote_global(r, interpreter, "codecs", "iterencode");
	struct anchor plain = {"encode", "Codec.encode", 0, 0, 0};
	struct anchor generator = {"iterencode", "iterencode", 0, 0, 0};
	TRY(check_anchor(r, function, &generator, e));
	TRY(check_anchor(r, method, &plain, e));
	if (generator.first_line < plain.first_line + APART_MIN)
		return ERR(e, ERR_INVALID, "code_first_line: lines %d and %d", plain.first_line,
			   generator.first_line);
	if (r->layout.code_first_traceable != PY_UNKNOWN &&
	    (plain.first_traceable != 0 || generator.first_traceable <= 0 ||
	     generator.first_traceable > TRACEABLE_MAX))
		return ERR(e, ERR_INVALID, "code_first_traceable: %d and %d", plain.first_traceable,
			   generator.first_traceable);
	TRY(check_bytes(r, interpreter, e));
	TRY(check_table(r, &plain, e));
	return check_table(r, &generator, e);
}

/* --- types that say their own sizes ------------------------------------------- */

static enum err_kind check_types(const struct remote *r, struct err *e)
{
	const struct py_layout *l = &r->layout;
	const size_t size_at = r->objects.type_basicsize;
	char name[REMOTE_NAME_BYTES] = "";
	const uintptr_t text = remote_word(r, r->symbols.code_type, l->type_name);
	if (!text || !r->read(r->context, text, name, sizeof "code") || strcmp(name, "code") != 0)
		return ERR(e, ERR_INVALID, "type_name: PyCode_Type is not called 'code'");
	/* PyBytesObject ends in ob_sval[1] */
	if (remote_word(r, r->symbols.bytes_type, size_at) != l->bytes_data + 1u)
		return ERR(e, ERR_INVALID, "bytes_data or type_basicsize: not as bytes says");
	/* PyUnicodeObject is PyCompactUnicodeObject and a pointer */
	if (remote_word(r, r->symbols.str_type, size_at) != l->str_data_compact + (size_t)WORD)
		return ERR(e, ERR_INVALID, "str_data_compact or type_basicsize: not as str says");
	/* its instructions are at its end from 3.11 on */
	if (l->frame_kind != PY_FRAME_OBJECT &&
	    remote_word(r, r->symbols.code_type, size_at) != l->code_instructions)
		return ERR(e, ERR_INVALID, "code_instructions: not as code says");
	return ERR_OK;
}

/* --- the kernel's numbers ------------------------------------------------------ */

static bool contains(const int *numbers, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* A thread that was in several interpreters has a thread state in each. */
static bool is_other_threads(const struct remote_thread *threads, const int *tids, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (tids[k] == tids[i] && threads[k].thread_id != threads[i].thread_id)
			return true;
	return false;
}

/* Whether at this offset of each struct pthread stands that thread's own number: the one known, or
 * up to 3.10 one that the process has and no other thread claims. */
static bool is_tid_place(const struct remote *r, const struct remote_thread *threads, size_t count,
			 const int *tids, size_t tid_count, size_t offset)
{
	int seen[THREADS_CHECKED];
	for (size_t i = 0; i < count; i++) {
		seen[i] = remote_int(r, threads[i].thread_id, offset);
		if (!contains(tids, tid_count, seen[i]) ||
		    (r->layout.tstate_native_thread_id != PY_UNKNOWN &&
		     seen[i] != threads[i].inner_tid) ||
		    is_other_threads(threads, seen, i))
			return false;
	}
	return true;
}

static enum err_kind check_tids(struct remote *r, const struct remote_thread *threads, size_t count,
				const int *tids, size_t tid_count, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		if (r->layout.tstate_native_thread_id != PY_UNKNOWN &&
		    !contains(tids, tid_count, threads[i].inner_tid))
			return ERR(e, ERR_INVALID,
				   "tstate_native_thread_id: the process has no thread %d",
				   threads[i].inner_tid);
	for (size_t offset = 0; offset < STRUCT_PTHREAD_BYTES; offset += sizeof(int)) {
		if (!is_tid_place(r, threads, count, tids, tid_count, offset))
			continue;
		r->pthread_tid = (uint16_t)offset;
		return ERR_OK;
	}
	return ERR(e, ERR_INVALID, "tstate_thread_id: no struct pthread with the thread's number");
}

/* --- frames ----------------------------------------------------------------- */

/* Up to 3.10 an int f_lineno follows f_lasti; without a tracer it is the code's first line (3.8,
 * 3.9; Objects/frameobject.c) or 0 (3.10). */
static bool has_line_after(const struct remote *r, const struct remote_frame *frame)
{
	const int32_t line = remote_int(r, frame->frame, r->layout.frame_instr + sizeof(int32_t));
	return line == (r->layout.instr_kind == PY_INSTR_LASTI_BYTES
				? remote_int(r, frame->code, r->layout.code_first_line)
				: 0);
}

/* A frame that says a generator owns it lies inside one. */
static bool is_owner_true(const struct remote *r, const struct remote_frame *frame)
{
	static const char *const generators[] = {"generator", "coroutine", "async_generator"};
	uint8_t owner;
	if (r->layout.frame_owner == PY_UNKNOWN)
		return true;
	if (!r->read(r->context, frame->frame + r->layout.frame_owner, &owner, 1))
		return false;
	if (owner != r->layout.frame_owner_generator)
		return true;
	for (size_t i = 0; i < sizeof generators / sizeof *generators; i++)
		if (remote_is(r, frame->frame - r->layout.gen_frame, generators[i]))
			return true;
	return false;
}

static enum err_kind check_chain(const struct remote *r, const struct remote_chain *chain,
				 struct err *e)
{
	size_t lines_after = 0;
	for (size_t i = 0; i < chain->count; i++) {
		if (!is_owner_true(r, &chain->frames[i]))
			return ERR(e, ERR_INVALID,
				   "frame_owner or gen_frame: a generator's frame in none");
		lines_after += has_line_after(r, &chain->frames[i]);
	}
	if (r->layout.frame_kind == PY_FRAME_OBJECT && lines_after * 2 < chain->count)
		return ERR(e, ERR_INVALID, "frame_instr: no f_lineno follows");
	return ERR_OK;
}

static enum err_kind check_frames(const struct remote *r, const struct remote_thread *threads,
				  size_t count, struct err *e)
{
	size_t running = 0, with_loops = 0;
	for (size_t i = 0; i < count; i++) {
		struct remote_frame frames[FRAMES_CHECKED];
		struct remote_chain chain = {.frames = frames, .max = FRAMES_CHECKED};
		TRY(remote_frames(r, threads[i].tstate, &chain, e));
		TRY(check_chain(r, &chain, e));
		running += chain.count > 0;
		with_loops += remote_word(r, threads[i].tstate, r->layout.tstate_frame) != 0;
	}
	if (running == 0)
		return ERR(e, ERR_INVALID,
			   "tstate_frame%s: no thread runs Python now, so it cannot be proved; try "
			   "again while the process works",
			   with_loops ? " or cframe_current_frame" : "");
	return ERR_OK;
}

enum err_kind remote_check_threads(struct remote *r, const int *inner_tids, size_t tid_count,
				   struct err *e)
{
	struct remote_thread *threads = mem_alloc(THREADS_CHECKED * sizeof *threads);
	size_t count;
	enum err_kind kind = check_types(r, e);
	if (kind == ERR_OK)
		kind = remote_threads(r, threads, THREADS_CHECKED, &count, e);
	if (kind == ERR_OK)
		kind = check_code(r, e);
	if (kind == ERR_OK)
		kind = check_tids(r, threads, count, inner_tids, tid_count, e);
	free(threads);
	return kind;
}

enum err_kind remote_check_frames(const struct remote *r, struct err *e)
{
	struct remote_thread *threads = mem_alloc(THREADS_CHECKED * sizeof *threads);
	size_t count;
	enum err_kind kind = remote_threads(r, threads, THREADS_CHECKED, &count, e);
	if (kind == ERR_OK)
		kind = check_frames(r, threads, count, e);
	free(threads);
	return kind;
}
