#include "probe/look_words.h"

#include <string.h>

enum { SPANS_MAX = 1024, WORD = sizeof(uintptr_t) };

#define ALL_BITS UINT64_MAX
#define INT_BITS UINT32_MAX

static struct look_word *word_at(const struct look *l, uintptr_t address)
{
	for (size_t i = 0; i < l->words.count; i++)
		if (l->words.items[i].address == address)
			return &l->words.items[i];
	return NULL;
}

/* The span that the word fits in, which grows to its end; spans grow upwards only. */
static uint32_t span_of(struct look *l, uintptr_t address)
{
	for (size_t i = 0; i < l->spans.count; i++) {
		struct look_span *span = &l->spans.items[i];
		if (address < span->address || address + WORD > span->address + LOOK_SPAN_BYTES)
			continue;
		if (address + WORD > span->address + span->size)
			span->size = address + WORD - span->address;
		return (uint32_t)i;
	}
	*vec_push(&l->spans) = (struct look_span){.address = address, .size = WORD};
	return (uint32_t)l->spans.count - 1;
}

typedef void word_visit(struct look *look, uintptr_t address, uint64_t mask, bool is_list);

static void add_word(struct look *l, uintptr_t address, uint64_t mask, bool is_list)
{
	if (word_at(l, address) || l->spans.count == SPANS_MAX)
		return;
	struct look_word word = {
		.address = address, .mask = mask, .is_list = is_list, .is_wanted = true};
	word.span = span_of(l, address);
	word.offset = (uint32_t)(address - l->spans.items[word.span].address);
	*vec_push(&l->words) = word;
}

static void want_word(struct look *l, uintptr_t address, uint64_t mask, bool is_list)
{
	struct look_word *word = word_at(l, address);
	(void)mask;
	(void)is_list;
	if (word)
		word->is_wanted = true;
	else
		l->lacks_words = true;
}

static void visit_words(struct look *l, size_t count, word_visit *visit)
{
	const struct remote *r = &l->process->remote;
	const struct py_layout *layout = &r->layout;
	visit(l, r->symbols.runtime + layout->runtime_interpreters_head, ALL_BITS, true);
	for (size_t i = 0; i < count; i++) {
		const struct remote_thread *t = &l->room[i];
		if (i > 0 && t->interpreter == l->room[i - 1].interpreter)
			continue;
		/* Before the head is the number of threads ever made, from 3.11 on. */
		if (layout->frame_kind != PY_FRAME_OBJECT)
			visit(l, t->interpreter + layout->interp_threads_head - WORD, ALL_BITS,
			      true);
		visit(l, t->interpreter + layout->interp_threads_head, ALL_BITS, true);
		/* last_holder, locked, switch_number: neighbours (remote_threads.c) */
		visit(l, t->gil.address + layout->gil_last_holder, ALL_BITS, false);
		visit(l, t->gil.address + layout->gil_locked, INT_BITS, false);
		visit(l, t->gil.address + layout->gil_locked + WORD, ALL_BITS, false);
	}
}

bool look_words_cover(struct look *l, size_t count)
{
	l->lacks_words = false;
	for (size_t i = 0; i < l->words.count; i++)
		l->words.items[i].is_wanted = false;
	visit_words(l, count, want_word);
	for (size_t i = 0; i < l->words.count; i++)
		l->lacks_words |= !l->words.items[i].is_wanted;
	if (!l->lacks_words)
		return true;
	vec_clear(&l->words);
	vec_clear(&l->spans);
	visit_words(l, count, add_word);
	return false;
}

bool look_words_read(struct look *l, struct look_change *change)
{
	struct memory_piece pieces[SPANS_MAX];
	const size_t count = l->spans.count;
	*change = (struct look_change){false, false};
	for (size_t i = 0; i < count; i++) {
		struct look_span *span = &l->spans.items[i];
		pieces[i] = (struct memory_piece){span->address, span->bytes, span->size, 0};
	}
	if (count == 0 || memory_read_pieces(&l->process->memory, pieces, count) != count)
		return false;
	for (size_t i = 0; i < l->words.count; i++) {
		struct look_word *word = &l->words.items[i];
		uint64_t now;
		memcpy(&now, l->spans.items[word->span].bytes + word->offset, sizeof now);
		now &= word->mask;
		change->of_lists |= word->is_list && now != word->value;
		change->of_gils |= !word->is_list && now != word->value;
		word->value = now;
	}
	return true;
}

bool look_words_unchanged(struct look *l)
{
	struct look_change change;
	return look_words_read(l, &change) && !change.of_lists && !change.of_gils;
}

void look_words_set_gils(struct look *l)
{
	const struct py_layout *layout = &l->process->remote.layout;
	for (size_t i = 0; i < l->threads.count; i++) {
		struct remote_gil *gil = &l->threads.items[i].python.gil;
		const struct look_word *holder = word_at(l, gil->address + layout->gil_last_holder);
		const struct look_word *locked = word_at(l, gil->address + layout->gil_locked);
		if (!l->threads.items[i].is_listed || !holder || !locked)
			continue;
		gil->last_holder = holder->value;
		gil->locked = locked->value == 1;
	}
}
