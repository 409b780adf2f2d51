#include "cmd/heap_options.h"

#include <string.h>

#include "base/clock.h"
#include "base/str.h"

#define MEMORY_OFF "off"
#define MEMORY_EXACT "exact"
#define EXACT_NS (10 * NS_PER_S)
/* The tables that it fills have a fixed size: longer would only thin them. */
#define EXACT_NS_MAX (600 * NS_PER_S)

/* NULL: not given. */
static const char *word_of(const struct heap_values *values)
{
	return values->memory.count ? values->memory.words[values->memory.count - 1] : NULL;
}

bool heap_asked(const struct heap_values *values)
{
	return values->memory.count > 0;
}

bool heap_off_asked(const struct heap_values *values)
{
	const char *word = word_of(values);
	return word && strcmp(word, MEMORY_OFF) == 0;
}

/* "exact" or "exact:TIME". */
static enum err_kind ask_exact(const char *rest, struct heap_control *out, struct err *e)
{
	uint64_t ns = EXACT_NS;
	if (*rest == ':')
		TRY(opt_read_duration(rest + 1, &ns, e));
	else if (*rest)
		return ERR(e, ERR_USAGE, "'%s%.20s' is not exact or exact:TIME", MEMORY_EXACT,
			   rest);
	if (ns < NS_PER_MS || ns > EXACT_NS_MAX)
		return ERR(e, ERR_USAGE, "exact is for 1 ms to 10 minutes");
	out->want |= HEAP_EXACT;
	out->exact_ms = (uint32_t)(ns / NS_PER_MS);
	return ERR_OK;
}

static enum err_kind read_word(const char *word, struct heap_control *out, struct err *e)
{
	uint64_t bytes;
	if (!*word)
		return ERR_OK;
	if (str_starts_with(word, MEMORY_EXACT))
		return ask_exact(word + strlen(MEMORY_EXACT), out, e);
	TRY(opt_read_size(word, &bytes, e));
	if (bytes < HEAP_INTERVAL_MIN || bytes > HEAP_INTERVAL_MAX)
		return ERR(e, ERR_USAGE, "an interval is %uK to %uM; exact takes every allocation",
			   HEAP_INTERVAL_MIN >> 10, HEAP_INTERVAL_MAX >> 20);
	out->interval_bytes = (uint32_t)bytes;
	return ERR_OK;
}

enum err_kind heap_ask(const struct heap_values *values, struct heap_control *out, struct err *e)
{
	struct err reason = {0};
	const char *word = word_of(values);
	memset(out, 0, sizeof *out);
	if (!word || heap_off_asked(values))
		return ERR_OK;
	out->want = HEAP_SAMPLED | HEAP_RECYCLED;
	const enum err_kind kind = read_word(word, out, &reason);
	return kind == ERR_OK ? kind : ERR(e, kind, "--memory: %s", reason.text);
}
