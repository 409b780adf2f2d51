#include "base/opt.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum { WORD_MAX_BYTES = 32, HELP_COLUMNS = 80, HELP_INDENT = 26 };

size_t opt_distance(const char *a, const char *b)
{
	const size_t a_length = strlen(a);
	const size_t b_length = strlen(b);
	if (a_length > WORD_MAX_BYTES || b_length > WORD_MAX_BYTES)
		return SIZE_MAX;
	size_t rows[WORD_MAX_BYTES + 1][WORD_MAX_BYTES + 1] = {{0}};
	for (size_t i = 0; i <= a_length; i++)
		rows[i][0] = i;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		for (size_t j = 1; j <= b_length; j++) {
			size_t least = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (rows[i - 1][j] + 1 < least)
				least = rows[i - 1][j] + 1;
			if (rows[i][j - 1] + 1 < least)
				least = rows[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    rows[i - 2][j - 2] + 1 < least)
				least = rows[i - 2][j - 2] + 1;
			rows[i][j] = least;
		}
	}
	return rows[a_length][b_length];
}

/* A number and the unit after it. Only plain decimals: strtod alone would take
 * hex, "inf" and "nan", too. */
static enum err_kind read_number(const char *text, double *number, const char **unit, struct err *e)
{
	const size_t digits = strspn(text, "0123456789.");
	char plain[WORD_MAX_BYTES];
	char *end = NULL;
	if (digits == 0 || digits >= sizeof plain)
		return ERR(e, ERR_USAGE, "'%.40s' is not a number", text);
	memcpy(plain, text, digits);
	plain[digits] = '\0';
	*number = strtod(plain, &end);
	if (*end)
		return ERR(e, ERR_USAGE, "'%.40s' is not a number", text);
	*unit = text + digits;
	return ERR_OK;
}

struct unit {
	const char *name;
	double factor;
};

/* `what` with an example, for the message. */
static enum err_kind read_with_unit(const char *text, const struct unit *units, const char *what,
				    uint64_t *value, struct err *e)
{
	double number = 0;
	const char *unit = "";
	if (read_number(text, &number, &unit, NULL) != ERR_OK)
		return ERR(e, ERR_USAGE, "'%.40s' is not %s", text, what);
	for (; units->name; units++) {
		if (strcmp(unit, units->name) != 0)
			continue;
		const double scaled = nearbyint(number * units->factor);
		if (scaled >= 9.2e18) /* below 2^63, so that it fits any later int64 */
			return ERR(e, ERR_USAGE, "'%.40s' is too large", text);
		*value = (uint64_t)scaled;
		return ERR_OK;
	}
	return ERR(e, ERR_USAGE, "'%.40s' is not %s", text, what);
}

enum err_kind opt_read_duration(const char *text, uint64_t *ns, struct err *e)
{
	static const struct unit units[] = {
		{"", 1e9},   {"s", 1e9},    {"ms", 1e6},   {"us", 1e3},    {"ns", 1e0},
		{"m", 60e9}, {"min", 60e9}, {"h", 3600e9}, {"d", 86400e9}, {0}};
	return read_with_unit(text, units, "a duration (30s, 500ms, 2m, 1h)", ns, e);
}

enum err_kind opt_read_size(const char *text, uint64_t *bytes, struct err *e)
{
	static const struct unit units[] = {
		{"", 1},
		{"K", 1024.0},
		{"M", 1024.0 * 1024},
		{"G", 1024.0 * 1024 * 1024},
		{"T", 1024.0 * 1024 * 1024 * 1024},
		{"KiB", 1024.0},
		{"MiB", 1024.0 * 1024},
		{"GiB", 1024.0 * 1024 * 1024},
		{0},
	};
	return read_with_unit(text, units, "a size (64K, 512M, 1G)", bytes, e);
}

static enum err_kind read_uint(const char *text, uint64_t *value, struct err *e)
{
	char *end = NULL;
	errno = 0;
	*value = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno)
		return ERR(e, ERR_USAGE, "'%.40s' is not a whole number", text);
	return ERR_OK;
}

static enum err_kind read_count(const char *text, uint64_t *value, struct err *e)
{
	if (*text != '-')
		TRY(read_uint(text, value, e));
	if (*text == '-' || *value == 0)
		return ERR(e, ERR_USAGE, "'%.40s' is none at all: name 1 or more, or leave it out",
			   text);
	return ERR_OK;
}

static enum err_kind read_double(const char *text, double *value, struct err *e)
{
	const char *unit = "";
	if (*text != '-')
		TRY(read_number(text, value, &unit, e));
	if (*unit)
		return ERR(e, ERR_USAGE, "'%.40s' is not a number", text);
	if (*text == '-' || *value <= 0)
		return ERR(e, ERR_USAGE,
			   "'%.40s' is not more than 0: name such a number, or leave it out", text);
	return ERR_OK;
}

static enum err_kind read_choice(const struct opt *opt, const char *text, int *value, struct err *e)
{
	struct str list;
	str_init(&list, 200);
	for (int i = 0; opt->choices[i]; i++) {
		if (strcmp(opt->choices[i], text) == 0) {
			*value = i;
			str_free(&list);
			return ERR_OK;
		}
		str_printf(&list, "%s%s", i ? ", " : "", opt->choices[i]);
	}
	ERR(e, ERR_USAGE, "'%.40s' is not one of: %s", text, list.text);
	str_free(&list);
	return ERR_USAGE;
}

static enum err_kind add_word(struct opt_list *list, const char *text, struct err *e)
{
	if (list->count == OPT_LIST_MAX)
		return ERR(e, ERR_USAGE, "given more than %d times", OPT_LIST_MAX);
	list->words[list->count++] = text;
	return ERR_OK;
}

/* text is NULL for flags only. */
static enum err_kind store(const struct opt *opt, const char *text, void *values, struct err *e)
{
	void *field = (char *)values + opt->offset;
	struct err inner = {0};
	enum err_kind kind = ERR_OK;
	switch (opt->type) {
	case OPT_END:
		break;
	case OPT_FLAG:
		*(bool *)field = true;
		break;
	case OPT_STRING:
	case OPT_OPTIONAL:
		*(const char **)field = text;
		break;
	case OPT_UINT:
		kind = read_uint(text, field, &inner);
		break;
	case OPT_COUNT:
		kind = read_count(text, field, &inner);
		break;
	case OPT_DOUBLE:
		kind = read_double(text, field, &inner);
		break;
	case OPT_DURATION:
		kind = opt_read_duration(text, field, &inner);
		if (kind == ERR_OK && *(uint64_t *)field == 0)
			kind = ERR(&inner, ERR_USAGE,
				   "'%.40s' is no time at all; name a longer one", text);
		break;
	case OPT_SIZE:
		kind = opt_read_size(text, field, &inner);
		break;
	case OPT_CHOICE:
		kind = read_choice(opt, text, field, &inner);
		break;
	case OPT_LIST:
	case OPT_ATTACHED:
		kind = add_word(field, text, &inner);
		break;
	}
	if (kind == ERR_OK)
		return ERR_OK;
	return ERR(e, ERR_USAGE, "--%s: %s", opt->name, inner.text);
}

struct match {
	const struct opt *opt;
	void *values;
};

static struct match find_letter(const struct opt_set *sets, char letter)
{
	for (; sets->table; sets++)
		for (const struct opt *opt = sets->table; opt->type != OPT_END; opt++)
			if (opt->letter == letter)
				return (struct match){opt, sets->values};
	return (struct match){0};
}

static enum err_kind unknown_name(const struct opt_set *sets, const char *name, size_t length,
				  struct err *e)
{
	char word[WORD_MAX_BYTES + 2] = "";
	const struct opt *nearest = NULL;
	size_t least = 3; /* further away it is another word, not a slip */
	if (length < sizeof word) {
		memcpy(word, name, length);
		word[length] = '\0';
		for (; sets->table; sets++)
			for (const struct opt *opt = sets->table; opt->type != OPT_END; opt++) {
				const size_t distance = opt_distance(word, opt->name);
				if (distance < least && distance < length) {
					least = distance;
					nearest = opt;
				}
			}
	}
	if (nearest)
		return ERR(e, ERR_USAGE, "unknown option '--%.*s'; did you mean --%s?", (int)length,
			   name, nearest->name);
	return ERR(e, ERR_USAGE, "unknown option '--%.*s'", (int)(length < 60 ? length : 60), name);
}

/* By the whole name, else by an unambiguous prefix of it. */
static enum err_kind find_name(const struct opt_set *sets, const char *name, size_t length,
			       struct match *match, struct err *e)
{
	const struct opt *other = NULL;
	*match = (struct match){0};
	if (length == 0) {
		(void)unknown_name(sets, name, length, e);
		return ERR_USAGE;
	}
	for (const struct opt_set *set = sets; set->table; set++) {
		for (const struct opt *opt = set->table; opt->type != OPT_END; opt++) {
			if (strncmp(opt->name, name, length) != 0)
				continue;
			if (strlen(opt->name) == length) {
				*match = (struct match){opt, set->values};
				return ERR_OK;
			}
			if (opt->hidden)
				continue;
			if (match->opt)
				other = opt;
			else
				*match = (struct match){opt, set->values};
		}
	}
	if (other)
		return ERR(e, ERR_USAGE, "option '--%.*s' could be --%s or --%s", (int)length, name,
			   match->opt->name, other->name);
	if (match->opt)
		return ERR_OK;
	(void)unknown_name(sets, name, length, e);
	return ERR_USAGE;
}

/* One word beginning with --; *used counts the words taken. */
static enum err_kind parse_long(const struct opt_set *sets, char **words, int *used, struct err *e)
{
	const char *name = words[0] + 2;
	const size_t length = strcspn(name, "=");
	struct match match;
	TRY(find_name(sets, name, length, &match, e));
	const char *value = name[length] == '=' ? name + length + 1 : NULL;
	*used = 1;
	if (match.opt->type == OPT_FLAG) {
		if (value)
			return ERR(e, ERR_USAGE, "option --%s takes no value", match.opt->name);
	} else if (!value && match.opt->type == OPT_ATTACHED) {
		value = "";
	} else if (!value) {
		value = words[1] && strcmp(words[1], "--") != 0 ? words[1] : NULL;
		*used = value ? 2 : 1;
		if (!value && match.opt->type == OPT_OPTIONAL)
			value = "";
		if (!value)
			return ERR(e, ERR_USAGE, "option --%s needs a value (%s)", match.opt->name,
				   match.opt->value);
	}
	return store(match.opt, value, match.values, e);
}

/* One word of joined letters: -qv, -oFILE, -o FILE. */
static enum err_kind parse_letters(const struct opt_set *sets, char **words, int *used,
				   struct err *e)
{
	*used = 1;
	for (const char *at = words[0] + 1; *at; at++) {
		const struct match match = find_letter(sets, *at);
		if (!match.opt)
			return ERR(e, ERR_USAGE, "unknown option '-%.*s'",
				   (unsigned char)*at < 0x80 ? 1 : 6, at);
		if (match.opt->type == OPT_FLAG) {
			TRY(store(match.opt, NULL, match.values, e));
			continue;
		}
		const char *value = at[1] ? at + 1 : words[1];
		if (!value || (!at[1] && strcmp(value, "--") == 0))
			return ERR(e, ERR_USAGE, "option -%c needs a value (%s)", *at,
				   match.opt->value);
		*used = at[1] ? 1 : 2;
		return store(match.opt, value, match.values, e);
	}
	return ERR_OK;
}

enum err_kind opt_parse(const struct opt_set *sets, int argc, char **argv, bool stop_at_operand,
			struct opt_result *result, struct err *e)
{
	*result = (struct opt_result){.operands = argv + 1};
	bool only_operands = false;
	for (int i = 1; i < argc;) {
		int used = 1;
		/* "-" alone is an operand: standard input or output. */
		if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0') {
			result->operands[result->operand_count++] = argv[i];
			only_operands |= stop_at_operand;
		} else if (strcmp(argv[i], "--") == 0) {
			result->has_double_dash = true;
			result->operands_before = result->operand_count;
			only_operands = true;
		} else if (argv[i][1] == '-') {
			TRY(parse_long(sets, argv + i, &used, e));
		} else {
			TRY(parse_letters(sets, argv + i, &used, e));
		}
		i += used;
	}
	result->operands[result->operand_count] = NULL;
	return ERR_OK;
}

/* Words of `text` from column `indent` on, broken before column HELP_COLUMNS. */
static void print_wrapped(FILE *out, const char *text, size_t indent)
{
	size_t column = indent;
	while (*text) {
		const size_t word = strcspn(text, " ");
		if (column > indent && column + 1 + word > HELP_COLUMNS) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)word, text);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void opt_print_help(const struct opt *table, FILE *out)
{
	for (const struct opt *opt = table; opt->type != OPT_END; opt++) {
		if (opt->hidden)
			continue;
		struct str left;
		str_init(&left, HELP_COLUMNS);
		if (opt->letter)
			str_printf(&left, "  -%c, --%s", opt->letter, opt->name);
		else
			str_printf(&left, "      --%s", opt->name);
		if (opt->value)
			str_printf(&left, opt->type == OPT_ATTACHED ? "[=%s]" : " %s", opt->value);
		if (left.length + 2 > HELP_INDENT)
			fprintf(out, "%s\n%*s", left.text, HELP_INDENT, "");
		else
			fprintf(out, "%-*s", HELP_INDENT, left.text);
		print_wrapped(out, opt->help, HELP_INDENT);
		str_free(&left);
	}
}
