#include "cmd/gate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/opt.h"

static bool is_signed(const char *text)
{
	return text[0] == '+' || text[0] == '-';
}

static enum err_kind parse_change(struct gate_term *term, const char *text, struct err *e)
{
	char *end = NULL;
	term->limit = strtod(text, &end) / 100;
	if (!is_signed(text) || !isdigit((unsigned char)text[1]) || strcmp(end, "%") != 0)
		return ERR(e, ERR_USAGE,
			   "--fail-on: '%s' needs a change with its sign, such as +5%%",
			   term->text);
	return ERR_OK;
}

static enum err_kind parse_limit(struct gate_term *term, const char *text, struct err *e)
{
	if (is_signed(text))
		return ERR(e, ERR_USAGE,
			   "--fail-on: '%s' is about a change; two runs are compared by "
			   "`unslow diff`",
			   term->text);
	if (term->metric->kind == GATE_TIME) {
		uint64_t ns;
		if (!isdigit((unsigned char)text[0]) ||
		    isdigit((unsigned char)text[strlen(text) - 1]))
			return ERR(e, ERR_USAGE,
				   "--fail-on: '%s' needs a duration with its unit, such as 50ms",
				   term->text);
		TRY(opt_read_duration(text, &ns, e));
		term->limit = (double)ns / (double)NS_PER_MS;
		return ERR_OK;
	}
	char *end = NULL;
	term->limit = strtod(text, &end);
	if (end == text || !isdigit((unsigned char)text[0]) || (*end && strcmp(end, "%") != 0))
		return ERR(e, ERR_USAGE, "--fail-on: '%s' needs a number or a share, such as 1%%",
			   term->text);
	term->is_share = *end != '\0';
	if (term->is_share)
		term->limit /= 100;
	return ERR_OK;
}

/* The term's text without blanks; `at` moves behind it and its comma. */
static enum err_kind cut_term(const char **at, struct gate_term *term, struct err *e)
{
	size_t length = 0;
	for (; **at && **at != ','; (*at)++) {
		if (**at == ' ')
			continue;
		if (length + 1 >= sizeof term->text)
			return ERR(e, ERR_USAGE, "--fail-on: a term is longer than %d characters",
				   GATE_TERM_MAX_BYTES);
		term->text[length++] = **at;
	}
	if (**at == ',' && *++(*at) == '\0')
		return ERR(e, ERR_USAGE, "--fail-on: nothing stands after the last comma");
	return ERR_OK;
}

/* The limit behind a metric's name; false: there is none. */
static bool parse_operator(struct gate_term *term, const char **rest)
{
	if (**rest != '<' && **rest != '>')
		return false;
	term->less = *(*rest)++ == '<';
	term->or_equal = **rest == '=';
	*rest += term->or_equal;
	return **rest != '\0';
}

enum err_kind gate_parse(const struct gate_language *language, const char **at,
			 struct gate_term *term, struct err *e)
{
	*term = (struct gate_term){0};
	TRY(cut_term(at, term, e));
	const size_t length = strcspn(term->text, "<>:");
	const char *rest = term->text + length;
	for (const struct gate_metric *metric = language->metrics; metric->name; metric++) {
		if (strlen(metric->name) != length || memcmp(metric->name, term->text, length) != 0)
			continue;
		/* One name may be a limit in one row and a change in the next. */
		if (metric[1].name && strcmp(metric[1].name, metric->name) == 0 &&
		    metric[1].kind == GATE_CHANGE && is_signed(rest + strspn(rest, "<>=")))
			metric++;
		term->metric = metric;
		term->word = rest + 1;
		if (metric->kind == GATE_FACT && *rest == '\0')
			return ERR_OK;
		if (metric->kind == GATE_WORD && rest[0] == ':' && rest[1])
			return ERR_OK;
		if (metric->kind == GATE_CHANGE && parse_operator(term, &rest))
			return parse_change(term, rest, e);
		if ((metric->kind == GATE_TIME || metric->kind == GATE_COUNT) &&
		    parse_operator(term, &rest))
			return parse_limit(term, rest, e);
		break;
	}
	return ERR(e, ERR_USAGE, "--fail-on: '%s' is not %s", term->text, language->forms);
}

bool gate_is_beyond(const struct gate_term *term, double value)
{
	const bool beyond = term->less ? value < term->limit : value > term->limit;
	/* No rounding wanted here: the user's number against ours. */
	const bool equal = !(value < term->limit) && !(value > term->limit);
	return beyond || (term->or_equal && equal);
}

bool gate_crossed(const struct gate_term *term, double value)
{
	const bool is_time = term->metric->kind == GATE_TIME;
	const bool crossed = gate_is_beyond(term, value);
	if (crossed)
		log_warn("--fail-on: '%s' was crossed: it is %.4g%s", term->text,
			 term->is_share ? value * 100 : value,
			 is_time          ? " ms"
			 : term->is_share ? " %"
					  : "");
	return crossed;
}
