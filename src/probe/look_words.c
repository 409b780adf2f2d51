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
		/* without a sum: the process says where its words are, also that it is at the end
		 * of all addresses */
		const uintptr_t offset = address - span->address;
		if (address < span->address || offset > LOOK_SPAN_BYTES - WORD)
			continue;
		if (offset + WORD > span->size)
			span->size = offset + WORD;
		return (uint32_t)i;
	}
	*vec_push(&l->spans) = (struct look_span){.address = address, .size = WORD};
	return (uint32_t)l->spans.count - 1;
}

typedef void word_visit(struct look *look, const struct look_word *word);

static void add_word(struct look *l, const struct look_word *word)
{
	if (word_at(l, word->address) || l->spans.count == SPANS_MAX)
		return;
	struct look_word added = *word;
	added.is_wanted = true;
	added.span = span_of(l, word->address);
	added.offset = (uint32_t)(word->address - l->spans.items[added.span].address);
	*vec_push(&l->words) = added;
}

static void want_word(struct look *l, const struct look_word *word)
{
	struct look_word *known = word_at(l, word->address);
	if (known)
		known->is_wanted = true;
	else
		l->lacks_words = true;
}

static void visit_list(struct look *l, uintptr_t address, word_visit *visit)
{
	visit(l, &(struct look_word){.address = address, .mask = ALL_BITS, .is_list = true});
}

static void visit_gil(struct look *l, uintptr_t address, uint64_t mask, word_visit *visit)
{
	visit(l, &(struct look_word){.address = address, .mask = mask});
}

static void visit_words(struct look *l, size_t count, word_visit *visit)
{
	const struct remote *r = &l->process->remote;
	const struct py_layout *layout = &r->layout;
	visit_list(l, r->symbols.runtime + layout->runtime_interpreters_head, visit);
	for (size_t i = 0; i < count; i++) {
		const struct remote_thread *t = &l->room[i];
		const uintptr_t threads = t->interpreter + layout->interp_threads_head;
		if (i > 0 && t->interpreter == l->room[i - 1].interpreter)
			continue;
		/* Before the head is the number of threads ever made, from 3.11 on. */
		if (layout->frame_kind != PY_FRAME_OBJECT)
			visit_list(l, threads - WORD, visit);
		visit_list(l, threads, visit);
		/* last_holder, locked, switch_number: neighbours (remote_threads.c) */
		visit_gil(l, t->gil.address + layout->gil_last_holder, ALL_BITS, visit);
		visit_gil(l, t->gil.address + layout->gil_locked, INT_BITS, visit);
		visit_gil(l, t->gil.address + layout->gil_locked + WORD, ALL_BITS, visit);
	}
}

static bool has_words(struct look *l, size_t count)
{
	l->lacks_words = false;
	visit_words(l, count, want_word);
	return !l->lacks_words;
}

enum err_kind look_words_cover(struct look *l, size_t count, struct err *e)
{
	bool holds;
	for (size_t i = 0; i < l->words.count; i++)
		l->words.items[i].is_wanted = false;
	holds = has_words(l, count);
	for (size_t i = 0; i < l->words.count; i++)
		holds &= l->words.items[i].is_wanted;
	if (holds)
		return ERR_OK;
	vec_clear(&l->words);
	vec_clear(&l->spans);
	visit_words(l, count, add_word);
	if (!has_words(l, count))
		return ERR(e, ERR_LIMIT,
			   "process %d has more interpreters than unslow can look at (about %d); "
			   "watch a process that has fewer",
			   l->process->pid, SPANS_MAX / 2);
	return ERR(e, ERR_INVALID, "its interpreters were not known");
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
