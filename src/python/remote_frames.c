#include "python/remote_frames.h"

/* Where the chain of evaluation loops is, 3.11 and 3.12; else unused. */
struct loops {
	uintptr_t cframe;
};

static bool begins_loop(const struct remote *r, const struct walk_frame *f)
{
	uint8_t is_entry = 0;
	if (r->layout.frame_is_entry == PY_UNKNOWN)
		return f->kind == WALK_SHIM;
	return r->read(r->context, f->frame + r->layout.frame_is_entry, &is_entry, 1) &&
	       is_entry == 1;
}

/* The loop that ends here must have been begun by the one whose frame comes next. */
static bool step_loop(const struct remote *r, struct loops *loops, uintptr_t back)
{
	const uintptr_t older = remote_word(r, loops->cframe, r->layout.cframe_previous);
	if (!older || older == loops->cframe ||
	    remote_word(r, older, r->layout.cframe_current_frame) != back)
		return false;
	loops->cframe = older;
	return true;
}

/* Where no loop runs stands the thread state's own cframe, which is before no other; in a greenlet
 * one that it was begun with, whose previous is that (greenlet 3: TPythonState.cpp,
 * set_new_cframe). */
static bool is_root_loop(const struct remote *r, uintptr_t tstate, const struct loops *loops)
{
	const struct py_layout *l = &r->layout;
	const uintptr_t before = remote_word(r, loops->cframe, l->cframe_previous);
	return before == 0 ||
	       (l->tstate_root_cframe != PY_UNKNOWN && before == tstate + l->tstate_root_cframe &&
		remote_word(r, before, l->cframe_previous) == 0);
}

/* What led to a frame that is wrong. */
static const char *way_to(bool is_newest)
{
	return is_newest ? "tstate_frame or cframe_current_frame" : "frame_back or cframe_previous";
}

/* Bytes of a code object's instructions; 0: it is none. Up to 3.10 they are a bytes object, then
 * the code object's own items of two bytes. */
static uintptr_t instruction_bytes(const struct remote *r, uintptr_t code)
{
	if (r->layout.frame_kind != PY_FRAME_OBJECT)
		return 2 * remote_word(r, code, r->layout.bytes_size);
	const uintptr_t bytes = remote_word(r, code, r->layout.code_instructions);
	return remote_word(r, bytes, r->layout.object_type) == r->symbols.bytes_type
		       ? remote_word(r, bytes, r->layout.bytes_size)
		       : 0;
}

enum err_kind remote_code_bounds(const struct remote *r, uintptr_t code,
				 struct remote_code_bounds *bounds, struct err *e)
{
	if (remote_word(r, code, r->layout.object_type) != r->symbols.code_type)
		return ERR(e, ERR_INVALID, "no code object");
	bounds->instruction_bytes = instruction_bytes(r, code);
	bounds->first_traceable = r->layout.frame_kind == PY_FRAME_OBJECT
					  ? 0
					  : remote_int(r, code, r->layout.code_first_traceable);
	return ERR_OK;
}

enum err_kind remote_frame_judge(const struct remote *r, struct remote_frame *frame,
				 const struct remote_code_bounds *bounds, bool is_newest,
				 bool *is_shown, struct err *e)
{
	struct walk_frame f = {.offset = frame->offset, .owner = frame->owner, .kind = WALK_PYTHON};
	*is_shown = false;
	if (!walk_judge(&r->layout, bounds->first_traceable, &f))
		return ERR(e, ERR_INVALID, "frame_instr or %s: a frame that cannot be",
			   way_to(is_newest));
	*is_shown = f.kind == WALK_PYTHON;
	frame->instr_offset = f.instr_offset;
	if (!*is_shown)
		return ERR_OK;
	/* A caller has executed something; its frame's line number, which follows f_lasti, is kept
	 * up to date only for tracers. */
	if (r->layout.frame_kind == PY_FRAME_OBJECT && !is_newest && f.instr_offset == 0)
		return ERR(e, ERR_INVALID, "frame_instr or %s: a caller that has not begun",
			   way_to(is_newest));
	if (f.instr_offset % 2 != 0)
		return ERR(e, ERR_INVALID,
			   "frame_instr, code_instructions or %s: in the middle of an instruction",
			   way_to(is_newest));
	if (f.instr_offset >= bounds->instruction_bytes)
		return ERR(e, ERR_INVALID,
			   "frame_instr, code_instructions or %s: past the end of its code",
			   way_to(is_newest));
	return ERR_OK;
}

static void keep(const struct walk_frame *f, struct remote_chain *chain)
{
	if (chain->count == chain->max)
		chain->skipped++;
	else
		chain->frames[chain->count++] = (struct remote_frame){
			.frame = f->frame, .code = f->code, .offset = f->offset, .owner = f->owner};
}

static bool newest_frame(const struct remote *r, uintptr_t tstate, bool from_caller,
			 struct loops *loops, uintptr_t *frame)
{
	if (!from_caller)
		return walk_newest(&r->layout, r->read, r->context, tstate, frame);
	if (r->layout.frame_kind != PY_FRAME_CFRAME)
		return false;
	loops->cframe = remote_word(r, loops->cframe, r->layout.cframe_previous);
	*frame = remote_word(r, loops->cframe, r->layout.cframe_current_frame);
	return *frame != 0;
}

enum err_kind remote_links(const struct remote *r, uintptr_t tstate, struct remote_chain *chain,
			   struct err *e)
{
	const struct py_layout *l = &r->layout;
	const bool has_cframes = l->frame_kind == PY_FRAME_CFRAME;
	const bool has_loops = l->frame_is_entry != PY_UNKNOWN || l->frame_owner_cstack != 0xFF;
	struct walk_frame f = {0};
	struct walk_circle circle = {0};
	struct loops loops = {0};
	bool at_boundary = true; /* the frame just passed began an evaluation loop */
	chain->count = chain->skipped = 0;
	if (has_cframes) {
		loops.cframe = remote_word(r, tstate, l->tstate_frame);
		/* A thread that was just made is in the list before it is set. */
		if (!loops.cframe)
			return ERR_OK;
	}
	if (!newest_frame(r, tstate, chain->from_caller, &loops, &f.frame))
		return ERR(e, ERR_INVALID, "tstate_frame: not readable");
	for (size_t i = 0; f.frame; i++, f.frame = f.back) {
		if (i == REMOTE_CHAIN_MAX || walk_circle_closed(&circle, f.frame))
			return ERR(e, ERR_INVALID, "frame_back: the chain has no end");
		if (!walk_link(l, r->read, r->context, &f))
			/* no code object was looked at: the first frame may be none already */
			return ERR(e, ERR_INVALID,
				   "frame_instr, frame_code, frame_owner, %s%s%s: a frame that "
				   "cannot be",
				   way_to(true), i ? " or " : "", i ? way_to(false) : "");
		if (f.kind == WALK_PYTHON)
			keep(&f, chain);
		at_boundary = has_loops && begins_loop(r, &f);
		if (at_boundary && has_cframes && !step_loop(r, &loops, f.back))
			return ERR(e, ERR_INVALID,
				   "frame_back, frame_owner, frame_is_entry, cframe_previous, "
				   "cframe_current_frame or tstate_frame: frames and evaluation "
				   "loops do not meet");
	}
	if (has_loops && !at_boundary)
		return ERR(e, ERR_INVALID,
			   "frame_owner, frame_is_entry, frame_back, tstate_frame or "
			   "cframe_current_frame: the oldest frame "
			   "began no evaluation loop");
	if (has_cframes && !is_root_loop(r, tstate, &loops))
		return ERR(e, ERR_INVALID,
			   "cframe_previous, cframe_current_frame, tstate_frame or frame_back: "
			   "evaluation loops are left when the frames end");
	return ERR_OK;
}

enum err_kind remote_frames(const struct remote *r, uintptr_t tstate, struct remote_chain *chain,
			    struct err *e)
{
	size_t shown = 0;
	TRY(remote_links(r, tstate, chain, e));
	for (size_t i = 0; i < chain->count; i++) {
		struct remote_frame *frame = &chain->frames[i];
		struct remote_code_bounds bounds = {0};
		bool is_shown = false;
		if (remote_code_bounds(r, frame->code, &bounds, NULL) != ERR_OK)
			return ERR(e, ERR_INVALID, "frame_code, frame_owner or %s: no code object",
				   way_to(i == 0));
		TRY(remote_frame_judge(r, frame, &bounds, shown == 0, &is_shown, e));
		if (is_shown)
			chain->frames[shown++] = *frame;
	}
	chain->count = shown;
	return ERR_OK;
}
