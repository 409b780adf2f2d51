#include "cmd/calls_options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/str.h"
#include "cmd/answer.h"
#include "model/calls_choice.h"

/* Half on, half off: as many requests with hooks as without. */
enum { DUTY_ON_MS = 500, DUTY_PERIOD_MS = 1000, TOP_MAX = 200 };

bool calls_off_asked(const struct calls_values *values)
{
	for (size_t i = 0; i < values->calls.count; i++)
		if (strcmp(values->calls.words[i], CALLS_OFF) == 0)
			return true;
	return false;
}

bool calls_asked(const struct calls_values *values)
{
	return values->calls.count || values->lines.count || values->c_calls || values->timeline ||
	       values->duty || values->demote || values->arguments;
}

/* "@top20": 20; 0: it is no such word. */
static size_t top_count(const char *word)
{
	char *end = NULL;
	if (!str_starts_with(word, "@top") || word[4] < '1' || word[4] > '9')
		return 0;
	const unsigned long count = strtoul(word + 4, &end, 10);
	return *end || count > TOP_MAX ? 0 : count;
}

/* A package is its __init__.py: who names it alone seldom means that. */
static void warn_of_package(const char *option, const char *word)
{
	char path[CALLS_PATTERN_BYTES];
	struct stat info;
	if (strpbrk(word, ":*/") || str_ends_with(word, ".py"))
		return;
	str_copy(path, sizeof path, word);
	for (char *at = path; *at; at++)
		*at = *at == '.' ? '/' : *at;
	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
		log_warn("%s=%s: %s is a package here, and this is its __init__.py alone; %s.* are "
			 "its modules",
			 option, word, word, word);
}

static enum err_kind add_word(const char *option, const char *word, struct answer *last,
			      struct str *out, struct err *e)
{
	size_t chosen = 0;
	const bool is_top = *word == '@', is_route = *word == '/';
	if (!*word)
		return ERR(e, ERR_USAGE, "an empty pattern; `--calls` alone counts all calls");
	if (!is_top && !is_route) {
		warn_of_package(option, word);
		str_printf(out, "%s%s", out->length ? "," : "", word);
		return ERR_OK;
	}
	if (is_top && !top_count(word))
		return ERR(e, ERR_USAGE, "'%.40s' is not @top1 … @top%d", word, TOP_MAX);
	if (!last->db)
		TRY(answer_open(last, NULL, e));
	if (is_top)
		TRY(calls_choice_top(last->db, top_count(word), out, &chosen, e));
	else
		TRY(calls_choice_route(last->db, word, out, &chosen, e));
	log_info("%s of %s: %zu function%s", word, last->path, chosen, chosen == 1 ? "" : "s");
	return ERR_OK;
}

/* Words separated by commas. */
static enum err_kind add_words(const char *option, const char *words, struct answer *last,
			       struct str *out, struct err *e)
{
	struct str word;
	enum err_kind kind = ERR_OK;
	str_init(&word, CALLS_PATTERN_BYTES);
	for (const char *at = words; kind == ERR_OK; at++) {
		const size_t length = strcspn(at, ",");
		str_clear(&word);
		str_add_bytes(&word, at, length);
		kind = word.cut ? ERR(e, ERR_USAGE, "a pattern is too long")
				: add_word(option, word.text, last, out, e);
		at += length;
		if (!*at)
			break;
	}
	str_free(&word);
	return kind;
}

static enum err_kind resolve(const char *option, const struct opt_list *patterns,
			     char out[CALLS_PATTERN_BYTES], struct err *e)
{
	struct answer last = {0};
	struct str text;
	enum err_kind kind = ERR_OK;
	struct err reason = {0};
	str_init(&text, 2 * CALLS_PATTERN_BYTES);
	for (size_t i = 0; i < patterns->count && kind == ERR_OK; i++)
		kind = add_words(option, patterns->words[i], &last, &text, &reason);
	if (kind == ERR_OK && text.length >= CALLS_PATTERN_BYTES)
		kind = ERR(&reason, ERR_USAGE, "more than %d bytes of patterns; use * in them",
			   CALLS_PATTERN_BYTES - 1);
	if (kind == ERR_OK)
		str_copy(out, CALLS_PATTERN_BYTES, text.text);
	else
		kind = ERR(e, kind, "%s: %s", option, reason.text);
	answer_close(&last);
	str_free(&text);
	return kind;
}

/* `--calls` alone; beside a pattern it is an empty one, which is refused. */
static bool is_of_all(const struct opt_list *calls)
{
	for (size_t i = 0; i < calls->count; i++)
		if (*calls->words[i])
			return false;
	return true;
}

enum err_kind calls_ask(const struct calls_values *values, struct calls_control *out, struct err *e)
{
	*out = (struct calls_control){0};
	if (values->calls.count || values->c_calls || values->timeline || values->demote ||
	    (values->duty && !values->lines.count))
		out->want |= CALLS_PYTHON;
	if (values->demote)
		out->want |= CALLS_DEMOTE;
	if (values->c_calls)
		out->want |= CALLS_C;
	if (values->timeline)
		out->want |= CALLS_TIMELINE;
	if (values->duty) {
		out->want |= CALLS_DUTY;
		out->duty_on_ms = DUTY_ON_MS;
		out->duty_period_ms = DUTY_PERIOD_MS;
	}
	if (values->calls.count && !is_of_all(&values->calls)) {
		out->want |= CALLS_TARGETED;
		TRY(resolve("--calls", &values->calls, out->pattern, e));
	}
	if (values->arguments && !(out->want & CALLS_TARGETED))
		return ERR(
			e, ERR_USAGE,
			"--arguments is of chosen functions: name them, --calls=MODULE:FUNCTION");
	if (values->arguments)
		out->want |= CALLS_ARGUMENTS;
	if (values->lines.count) {
		out->want |= CALLS_LINES;
		TRY(resolve("--lines", &values->lines, out->lines, e));
	}
	return ERR_OK;
}
