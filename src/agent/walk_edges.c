#include "agent/walk_edges.h"

#include "agent/python_api.h"
#include "agent/walk_label.h"

enum { WORD = sizeof(uintptr_t), MEMBERS_MAX = 1024 };

/* struct PyMemberDef, structmember.h, 3.8–3.13 */
struct member_def {
	const char *name;
	int type;
	intptr_t offset;
	int flags;
	const char *doc;
};

#define NAMED(text) walk_text_add(text, sizeof(text) - 1)

static struct walk_edge edge_of(enum walk_edge_kind kind)
{
	return (struct walk_edge){.kind = kind, .index = WALK_UNKNOWN, .length = WALK_UNKNOWN};
}

static struct walk_edge labelled(enum walk_edge_kind kind, struct walk_text label)
{
	struct walk_edge edge = edge_of(kind);

	edge.label = label;
	return edge;
}

/* Place in a list or a tuple; WALK_UNKNOWN: it is not in it. */
static uint64_t index_in(uintptr_t sequence, uintptr_t held)
{
	const bool is_list = walk_kind_of(sequence) == WALK_OF_LIST;
	const uint64_t count = walk_word(sequence, agent_layout.bytes_size);
	const uintptr_t items = is_list ? walk_word(sequence, walk_heap->list_items)
					: sequence + walk_heap->tuple_items;

	for (uint64_t i = 0; i < count; i++)
		if (walk_word(items, i * WORD) == held)
			return i;
	return WALK_UNKNOWN;
}

/* --- dicts --------------------------------------------------------------------- */

static struct walk_edge in_dict(uintptr_t dict, uintptr_t held, enum walk_edge_kind kind)
{
	struct walk_entries walk;
	struct walk_entry entry;
	bool is_key = false;

	walk_dict_begin(&walk, dict);
	while (walk_entries_next(&walk, &entry)) {
		if (entry.value == held)
			return labelled(kind, kind == WALK_VARIABLE ? walk_variable_label(entry.key)
								    : walk_key_label(entry.key));
		is_key = is_key || entry.key == held;
	}
	return edge_of(is_key ? WALK_IS_KEY : WALK_IN_C);
}

struct walk_edge walk_edge_of_variable(uintptr_t dict, uintptr_t held)
{
	return in_dict(dict, held, WALK_VARIABLE);
}

/* `owner` holds by its dict, path[1], what comes after that; or the dict itself is what is held. */
static struct walk_edge by_dict(const uintptr_t *path, size_t count, enum walk_edge_kind kind,
				size_t *taken)
{
	if (count < 3)
		return labelled(WALK_ATTRIBUTE, NAMED("__dict__"));
	*taken = 2;
	return in_dict(path[1], path[2], kind);
}

/* --- functions ----------------------------------------------------------------- */

static struct walk_edge by_closure(const uintptr_t *path, size_t count, size_t *taken)
{
	const uintptr_t code = walk_word(path[0], walk_objects->function_code);
	uint64_t index = count < 3 ? WALK_UNKNOWN : index_in(path[1], path[2]);
	size_t before;

	if (index == WALK_UNKNOWN)
		return labelled(WALK_ATTRIBUTE, NAMED("__closure__"));
	*taken = count > 3 && walk_kind_of(path[2]) == WALK_OF_CELL ? 3 : 2;
	/* free variables come last */
	if (walk_heap->names_kind == PY_NAMES_TOGETHER)
		before = (size_t)(walk_int(code, walk_heap->code_locals) -
				  walk_int(code, walk_heap->code_free));
	else
		before = (size_t)walk_int(code, walk_heap->code_locals) +
			 walk_word(walk_word(code, walk_heap->code_cell_names),
				   agent_layout.bytes_size);
	return labelled(WALK_CLOSURE, walk_name_of(walk_local_name(code, before + index)));
}

static struct walk_edge by_defaults(const uintptr_t *path, size_t count, size_t *taken)
{
	struct walk_edge edge = edge_of(WALK_DEFAULT);

	if (count < 3)
		return labelled(WALK_ATTRIBUTE, NAMED("__defaults__"));
	*taken = 2;
	edge.index = index_in(path[1], path[2]);
	return edge;
}

static struct walk_edge of_function(const uintptr_t *path, size_t count, size_t *taken)
{
	const uintptr_t function = path[0], held = path[1];

	if (held == walk_word(function, walk_heap->function_closure))
		return by_closure(path, count, taken);
	if (held == walk_word(function, walk_heap->function_defaults))
		return by_defaults(path, count, taken);
	if (held == walk_word(function, walk_heap->function_kwdefaults))
		return by_dict(path, count, WALK_DEFAULT, taken);
	if (held == walk_word(function, walk_heap->function_dict))
		return by_dict(path, count, WALK_ATTRIBUTE, taken);
	if (held == walk_word(function, walk_heap->function_globals))
		return labelled(WALK_ATTRIBUTE, NAMED("__globals__"));
	if (held == walk_word(function, walk_objects->function_code))
		return labelled(WALK_ATTRIBUTE, NAMED("__code__"));
	return edge_of(WALK_IN_C);
}

/* --- instances ----------------------------------------------------------------- */

/* __slots__, and members that C types declare: of the class and those below it. */
static bool in_members(uintptr_t object, uintptr_t held, struct walk_edge *edge)
{
	uintptr_t type = walk_type_of(object);

	for (int i = 0; type != 0 && i < 64; i++, type = walk_word(type, walk_heap->type_base)) {
		uintptr_t at = walk_word(type, walk_heap->type_members);

		for (int m = 0; at != 0 && m < MEMBERS_MAX; m++, at += sizeof(struct member_def)) {
			struct member_def def;

			memcpy(&def, (const void *)at, sizeof(def));
			if (def.name == NULL)
				break;
			/* T_OBJECT, T_OBJECT_EX: 6, 16 (structmember.h) */
			if ((def.type == 6 || def.type == 16) && def.offset > 0 &&
			    walk_word(object, (size_t)def.offset) == held) {
				*edge = labelled(WALK_ATTRIBUTE,
						 walk_text_add(def.name, strnlen(def.name, 256)));
				return true;
			}
		}
	}
	return false;
}

static bool in_values(uintptr_t object, uintptr_t held, struct walk_edge *edge)
{
	struct walk_entries walk;
	struct walk_entry entry;

	if (!walk_values_begin(&walk, object))
		return false;
	while (walk_entries_next(&walk, &entry))
		if (entry.value == held) {
			*edge = labelled(WALK_ATTRIBUTE, walk_key_label(entry.key));
			return true;
		}
	return false;
}

/* --- context variables ----------------------------------------------------------- */

static bool is_context(uintptr_t object)
{
	const uintptr_t type = walk_type_of(object);

	/* 3.8–3.12, 3.13 (Python/context.c) */
	return walk_type_is_named(type, "Context") ||
	       walk_type_is_named(type, "_contextvars.Context");
}

static bool is_hamt(uintptr_t object)
{
	static const char *const names[] = {"hamt", "hamt_bitmap_node", "hamt_array_node",
					    "hamt_collision_node"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (walk_type_is_named(walk_type_of(object), names[i]))
			return true;
	return false;
}

/* What a member that a C type declares holds, by its name; 0: it has none of this name. */
static uintptr_t member_named(uintptr_t object, const char *name)
{
	uintptr_t at = walk_word(walk_type_of(object), walk_heap->type_members);
	struct member_def def;

	for (int m = 0; at != 0 && m < MEMBERS_MAX; m++, at += sizeof(def)) {
		memcpy(&def, (const void *)at, sizeof(def));
		if (def.name == NULL)
			break;
		if (strcmp(def.name, name) == 0 && def.offset > 0)
			return walk_word(object, (size_t)def.offset);
	}
	return 0;
}

/* A node that has values is a row of keys, each with its value behind it; the row begins four words
 * into it (PyHamtNode_Bitmap, PyHamtNode_Collision: pycore_hamt.h). */
static struct walk_text context_variable_of(uintptr_t node, uintptr_t held)
{
	const uint64_t words = walk_word(node, agent_layout.bytes_size);
	uintptr_t key;

	for (uint64_t i = 1; i < words && i < 64; i += 2) {
		key = walk_word(node, (3 + i) * WORD);
		if (key != 0 && walk_word(node, (4 + i) * WORD) == held)
			return walk_name_of(member_named(key, "name"));
	}
	return (struct walk_text){0};
}

/* From path[at], a context, by its tree, to a value; or the tree itself is what is held. */
static struct walk_edge by_context(const uintptr_t *path, size_t at, size_t count, size_t *taken)
{
	size_t value = at + 1;

	while (value < count && is_hamt(path[value]))
		value++;
	if (value == count || value < at + 3)
		return edge_of(WALK_IN_C);
	*taken = value;
	return labelled(WALK_CONTEXT, context_variable_of(path[value - 1], path[value]));
}

/* --- other objects of C ------------------------------------------------------------ */

/* Containers in C of which every part is one of many. */
static bool is_container(uintptr_t type)
{
	static const char *const names[] = {"collections.deque", "collections.OrderedDict",
					    "_asyncio.FutureIter", "list_iterator"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (walk_type_is_named(type, names[i]))
			return true;
	return false;
}

static struct walk_edge of_other(const uintptr_t *path, size_t count, size_t *taken)
{
	const uintptr_t type = walk_type_of(path[0]);
	struct walk_edge edge;

	if (is_context(path[0]))
		return by_context(path, 0, count, taken);
	if (path[1] == walk_dict_of(path[0]))
		return by_dict(path, count, WALK_ATTRIBUTE, taken);
	if (in_values(path[0], path[1], &edge) || in_members(path[0], path[1], &edge))
		return edge;
	if (path[1] == type)
		return labelled(WALK_ATTRIBUTE, NAMED("__class__"));
	if (walk_type_is_named(type, "_asyncio.Task") &&
	    path[1] == walk_word(path[0], walk_objects->task_coroutine))
		return labelled(WALK_ATTRIBUTE, NAMED("_coro"));
	if (is_context(path[1])) /* a task's */
		return by_context(path, 1, count, taken);
	return edge_of(is_container(type) ? WALK_MEMBER : WALK_IN_C);
}

struct walk_edge walk_edge_of_state(const uintptr_t *path, size_t count, size_t *taken)
{
	*taken = 1;
	return is_context(path[1]) ? by_context(path, 1, count, taken) : edge_of(WALK_IN_C);
}

/* --- exceptions ---------------------------------------------------------------- */

/* From path[from], a traceback, to the frame that is held by one further on. */
static struct walk_edge by_traceback(const uintptr_t *path, size_t from, size_t count,
				     size_t *taken)
{
	struct walk_edge edge = edge_of(WALK_TRACEBACK);
	size_t at = from;

	while (at + 1 < count && walk_kind_of(path[at]) == WALK_OF_TRACEBACK)
		at++;
	edge.index = at - from;
	*taken = at;
	return edge;
}

static struct walk_edge of_exception(const uintptr_t *path, size_t count, size_t *taken)
{
	const uintptr_t exception = path[0], held = path[1];

	if (held == walk_word(exception, walk_heap->exception_traceback))
		return by_traceback(path, 1, count, taken);
	if (held == walk_word(exception, walk_heap->exception_context))
		return labelled(WALK_ATTRIBUTE, NAMED("__context__"));
	if (held == walk_word(exception, walk_heap->exception_cause))
		return labelled(WALK_ATTRIBUTE, NAMED("__cause__"));
	if (held == walk_word(exception, walk_heap->exception_args))
		return labelled(WALK_ATTRIBUTE, NAMED("args"));
	if (held == walk_word(exception, walk_heap->exception_dict))
		return by_dict(path, count, WALK_ATTRIBUTE, taken);
	return of_other(path, count, taken);
}

/* --- frames, classes, containers ---------------------------------------------- */

struct walk_edge walk_edge_of_frame(uintptr_t frame, uintptr_t held)
{
	const struct walk_locals locals = walk_locals_of(frame);

	for (size_t i = 0; i < locals.count; i++) {
		const uintptr_t value = walk_word(locals.first, i * WORD);

		if (value != 0 &&
		    (value == held || (walk_kind_of(value) == WALK_OF_CELL &&
				       walk_word(value, walk_heap->cell_value) == held)))
			return labelled(WALK_LOCAL, walk_name_of(walk_local_name(locals.code, i)));
	}
	return edge_of(WALK_LOCAL); /* on its stack */
}

/* Of a frame object, or of what has a frame. A cell is the variable. */
static struct walk_edge of_frame(const uintptr_t *path, size_t count, size_t *taken)
{
	if (count > 2 && walk_kind_of(path[1]) == WALK_OF_CELL)
		*taken = 2;
	return walk_edge_of_frame(walk_frame_of(path[0]), path[1]);
}

static struct walk_edge of_type(const uintptr_t *path, size_t count, size_t *taken)
{
	if (path[1] == walk_word(path[0], walk_objects->type_dict))
		return by_dict(path, count, WALK_VARIABLE, taken);
	return edge_of(WALK_IN_C);
}

static struct walk_edge of_sequence(uintptr_t sequence, uintptr_t held)
{
	struct walk_edge edge = edge_of(WALK_INDEX);

	edge.index = index_in(sequence, held);
	return edge;
}

/* threading.local: a dict of the threads' dicts (Modules/_threadmodule.c, 3.8–3.13). */
static struct walk_edge of_local(const uintptr_t *path, size_t count, size_t *taken)
{
	if (count > 3 && walk_kind_of(path[1]) == WALK_OF_DICT &&
	    walk_kind_of(path[2]) == WALK_OF_DICT) {
		*taken = 3;
		return in_dict(path[2], path[3], WALK_THREAD_LOCAL);
	}
	return of_other(path, count, taken);
}

struct walk_edge walk_edge_of(const uintptr_t *path, size_t count, size_t *taken)
{
	const uintptr_t holder = path[0], held = path[1];
	struct walk_edge edge;

	*taken = 1;
	switch (walk_kind_of(holder)) {
	case WALK_OF_DICT:
		if (held == walk_dict_of(holder)) /* of a class made from dict */
			return by_dict(path, count, WALK_ATTRIBUTE, taken);
		return in_dict(holder, held, WALK_KEY);
	case WALK_OF_LIST:
	case WALK_OF_TUPLE:
		if (held == walk_dict_of(holder))
			return by_dict(path, count, WALK_ATTRIBUTE, taken);
		return of_sequence(holder, held);
	case WALK_OF_SET:
		return edge_of(WALK_MEMBER);
	case WALK_OF_MODULE:
		return held == walk_word(holder, walk_objects->module_dict)
			       ? by_dict(path, count, WALK_VARIABLE, taken)
			       : edge_of(WALK_IN_C);
	case WALK_OF_TYPE:
		return of_type(path, count, taken);
	case WALK_OF_FUNCTION:
		return of_function(path, count, taken);
	case WALK_OF_METHOD:
		return held == walk_word(holder, walk_heap->method_self)
			       ? edge_of(WALK_BOUND)
			       : labelled(WALK_ATTRIBUTE, NAMED("__func__"));
	case WALK_OF_CELL:
		return labelled(WALK_ATTRIBUTE, NAMED("cell_contents"));
	case WALK_OF_GENERATOR:
		if (walk_kind_of(held) != WALK_OF_FRAME)
			return of_frame(path, count, taken);
		/* below 3.11 its frame is an object of its own */
		if (count < 3)
			return labelled(WALK_ATTRIBUTE, NAMED("gi_frame"));
		edge = of_frame(path + 1, count - 1, taken);
		++*taken;
		return edge;
	case WALK_OF_FRAME:
		return of_frame(path, count, taken);
	case WALK_OF_TRACEBACK:
		return by_traceback(path, 0, count, taken);
	case WALK_OF_EXCEPTION:
		return of_exception(path, count, taken);
	case WALK_OF_LOCAL:
		return of_local(path, count, taken);
	default:
		return of_other(path, count, taken);
	}
}
