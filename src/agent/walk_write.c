#include "agent/walk_write.h"

#include <stdio.h>

#include "agent/channel_file.h"
#include "agent/walk_edges.h"
#include "agent/walk_label.h"

/* What is made before the file is, as its size is to be known. */
struct parts {
	struct census *census;
	bool garbage_known;
	struct walk_row types, chains, edges;
};

/* Place of a type in the file; UINT32_MAX: no room. */
static uint32_t type_at(struct parts *parts, uintptr_t type)
{
	struct census_type *row = census_type_of(parts->census, type);

	return row == NULL || row->name == 0 ? UINT32_MAX : row->name - 1;
}

static void write_types(struct parts *parts)
{
	for (size_t i = 0; i < parts->census->types.count; i++) {
		struct census_type *row = census_type_at(parts->census, i);
		struct walk_type *type = walk_row_add(&parts->types, sizeof(*type));

		if (type == NULL)
			return;
		*type = (struct walk_type){
			.name = walk_type_name(row->sizes.type),
			.count = row->count,
			.tracked = row->tracked,
			.bytes = row->bytes,
			.deep_bytes = row->deep_bytes,
			.garbage_count = parts->garbage_known ? row->garbage_count : WALK_UNKNOWN,
			.garbage_bytes = parts->garbage_known ? row->garbage_bytes : WALK_UNKNOWN,
			.flags =
				(walk_flags_of(row->sizes.type) & WALK_TYPE_IS_HEAP ? WALK_TYPE_HEAP
										    : 0u) |
				(row->sizes.owns ? WALK_TYPE_OWNS : 0u),
		};
		row->name = (uint32_t)parts->types.count;
	}
}

/* --- chains ------------------------------------------------------------------- */

static struct walk_edge *add_edge(struct parts *parts, struct walk_edge edge)
{
	struct walk_edge *place = walk_row_add(&parts->edges, sizeof(*place));

	if (place != NULL)
		*place = edge;
	return place;
}

static struct walk_text root_label(const struct holders_row *row)
{
	switch (row->root) {
	case WALK_MODULE:
		return walk_module_name(row->owner);
	case WALK_CLASS:
		return walk_type_name(row->owner);
	case WALK_FRAME:
		return walk_code_name(row->owner);
	case WALK_CACHE:
		return walk_function_name(walk_word(row->path[0], walk_heap->cache_function));
	case WALK_SUSPENDED:
		return walk_generator_name(row->path[0]);
	default:
		return (struct walk_text){0};
	}
}

static bool is_object(const struct holders_row *row)
{
	return row->root != WALK_THREAD &&
	       (row->root != WALK_FRAME || agent_layout.frame_kind == PY_FRAME_OBJECT);
}

static struct walk_edge root_edge(struct parts *parts, const struct holders_row *row)
{
	struct walk_edge edge = {
		.kind = row->root,
		.holder = UINT32_MAX,
		.label = root_label(row),
		.index = WALK_UNKNOWN,
		.length = WALK_UNKNOWN,
	};

	if (is_object(row))
		edge.holder = type_at(parts, walk_type_of(row->path[0]));
	if (row->root == WALK_CACHE) {
		const intptr_t limit = (intptr_t)walk_word(row->path[0], walk_heap->cache_limit);

		edge.numbers[0] = limit < 0 ? WALK_UNKNOWN : (uint64_t)limit;
		edge.numbers[1] = walk_word(row->path[0], walk_heap->cache_hits);
		edge.numbers[2] = walk_word(row->path[0], walk_heap->cache_misses);
		edge.length = walk_length_of(walk_word(row->path[0], walk_heap->cache_dict));
	}
	return edge;
}

static struct walk_edge plain_edge(enum walk_edge_kind kind)
{
	return (struct walk_edge){.kind = kind, .index = WALK_UNKNOWN, .length = WALK_UNKNOWN};
}

static bool is_key_of(uintptr_t object, uintptr_t dict)
{
	struct walk_entries walk;
	struct walk_entry entry;

	walk_dict_begin(&walk, dict);
	while (walk_entries_next(&walk, &entry))
		if (entry.key == object)
			return true;
	return false;
}

/* A key of a cache is the arguments of a call: it is not shown. */
static struct walk_edge step_from_cache(const struct holders_row *row, size_t *taken)
{
	const bool by_dict =
		row->count > 2 && row->path[1] == walk_word(row->path[0], walk_heap->cache_dict);
	struct walk_edge edge;

	/* else by a link of its list: a key, or a result */
	if (!by_dict)
		return plain_edge(
			is_key_of(row->path[1], walk_word(row->path[0], walk_heap->cache_dict))
				? WALK_IS_KEY
				: WALK_KEY);
	edge = walk_edge_of(row->path + 1, row->count - 1, taken);
	++*taken;
	return plain_edge(edge.kind == WALK_IS_KEY ? WALK_IS_KEY : WALK_KEY);
}

/* The first step; how many references it takes. */
static struct walk_edge step_from_root(const struct holders_row *row, size_t *taken)
{
	switch (row->root) {
	case WALK_FRAME:
		return walk_edge_of_frame(row->path[0], row->path[1]);
	case WALK_CACHE:
		return step_from_cache(row, taken);
	case WALK_THREAD:
		return walk_edge_of_state(row->path, row->count, taken);
	case WALK_MODULE:
	case WALK_CLASS:
		if (walk_kind_of(row->path[0]) == WALK_OF_DICT) /* its own */
			return walk_edge_of_variable(row->path[0], row->path[1]);
		return walk_edge_of(row->path, row->count, taken);
	default:
		return walk_edge_of(row->path, row->count, taken);
	}
}

static void write_steps(struct parts *parts, const struct holders_row *row)
{
	size_t taken;

	for (size_t at = 0; at + 1 < row->count; at += taken) {
		const bool has_type = at > 0 || is_object(row);
		struct walk_edge edge;

		taken = 1;
		edge = at == 0 ? step_from_root(row, &taken)
			       : walk_edge_of(row->path + at, row->count - at, &taken);
		edge.holder = has_type ? type_at(parts, walk_type_of(row->path[at])) : UINT32_MAX;
		edge.length = has_type ? walk_length_of(row->path[at]) : WALK_UNKNOWN;
		add_edge(parts, edge);
	}
}

/* The dict of a module's or a class's own names, which nobody asked for. */
static bool is_of_no_interest(const struct walk_found *found, const struct holders_row *row)
{
	if (found->site != WALK_NO_SITE || row->owner == 0)
		return false;
	return (row->root == WALK_MODULE &&
		found->object == walk_word(row->owner, walk_objects->module_dict)) ||
	       (row->root == WALK_CLASS &&
		found->object == walk_word(row->owner, walk_objects->type_dict));
}

static void write_chain(struct parts *parts, const struct walk_found *found,
			const struct holders_row *row)
{
	struct walk_chain *chain = walk_row_add(&parts->chains, sizeof(*chain));
	struct census_type *type = census_type_of(parts->census, walk_type_of(found->object));
	const size_t first = parts->edges.count;

	if (chain == NULL || type == NULL)
		return;
	*chain = (struct walk_chain){
		.address = found->object,
		.site = found->site,
		.flags = found->flags,
		.type = type_at(parts, type->sizes.type),
		.bytes = walk_size(&type->sizes, found->object),
		.length = walk_length_of(found->object),
		.deep_bytes = found->deep_bytes,
		.shared_bytes = found->shared_bytes,
		.first_edge = (uint32_t)first,
		.references = row->references > UINT32_MAX ? UINT32_MAX : (uint32_t)row->references,
		.found = (uint32_t)row->found,
	};
	add_edge(parts, root_edge(parts, row));
	write_steps(parts, row);
	chain->edges = (uint32_t)(parts->edges.count - first);
}

/* --- the file ------------------------------------------------------------------- */

static uint64_t put(char *file, uint64_t *at, const void *bytes, uint64_t length)
{
	const uint64_t place = *at;

	if (length > 0)
		memcpy(file + place - WALK_PAGE, bytes, length);
	*at = (place + length + 7) & ~UINT64_C(7);
	return place;
}

static bool write_file(struct walk_file *page, const struct parts *parts)
{
	uint32_t text_bytes;
	const char *text = walk_text_bytes(&text_bytes);
	const uint64_t types = parts->types.count * sizeof(struct walk_type);
	const uint64_t chains = parts->chains.count * sizeof(struct walk_chain);
	const uint64_t edges = parts->edges.count * sizeof(struct walk_edge);
	const uint64_t bytes = (types + chains + edges + text_bytes + 8 + WALK_PAGE - 1) &
			       ~(uint64_t)(WALK_PAGE - 1);
	char suffix[32];
	uint64_t at = WALK_PAGE;
	char *file;

	snprintf(suffix, sizeof(suffix), "walk-%u", page->number);
	file = channel_file_extend(suffix, WALK_PAGE, bytes, NULL);
	if (file == NULL)
		return false;
	page->types = (uint32_t)parts->types.count;
	page->chains = (uint32_t)parts->chains.count;
	page->edges = (uint32_t)parts->edges.count;
	page->text_bytes = text_bytes;
	page->types_at = put(file, &at, parts->types.items, types);
	page->chains_at = put(file, &at, parts->chains.items, chains);
	page->edges_at = put(file, &at, parts->edges.items, edges);
	page->text_at = put(file, &at, text, text_bytes);
	return true;
}

bool walk_write(struct walk_file *page, const struct walk_result *result)
{
	const struct census *census = result->census;
	struct parts parts = {
		.census = result->census,
		.garbage_known = result->garbage.objects != WALK_UNKNOWN,
	};

	write_types(&parts);
	for (size_t i = 0; result->holders != NULL && i < result->count; i++) {
		struct holders_row row;

		holders_row_of(result->holders, i, &row);
		if (!is_of_no_interest(&result->found[i], &row))
			write_chain(&parts, &result->found[i], &row);
	}
	page->objects = census->objects;
	page->tracked = census->tracked;
	page->references = census->references;
	page->bytes = census->bytes;
	page->garbage_objects = result->garbage.objects;
	page->garbage_bytes = result->garbage.bytes;
	page->flags |= census->cut ? WALK_CUT : 0u;
	if (result->holders == NULL ? result->count > 0 : holders_were_cut(result->holders))
		page->flags |= WALK_CHAINS_CUT;
	return write_file(page, &parts);
}
