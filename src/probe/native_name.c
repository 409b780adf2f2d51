/* Grammar: Itanium C++ ABI, 5.1; the non-terminals' names are its own. */
#include "probe/native_name.h"

#include <stdint.h>
#include <string.h>

enum {
	DEPTH_MAX = 48,
	LENGTH_MAX = 1 << 16, /* of an identifier */
	RUST_HASH = 17,       /* "h" and 16 digits */
};

struct reader {
	const char *at;
	char *to;
	size_t room; /* left, with the NUL */
	unsigned depth;
	unsigned muted;   /* what is read is not written */
	bool too_long;    /* did not fit */
	const char *last; /* the identifier read last, */
	size_t last_length;
	bool is_rust;
};

static bool read_encoding(struct reader *r);
static bool read_name(struct reader *r);
static bool read_type(struct reader *r);
static bool read_arguments(struct reader *r);

/* --- characters ------------------------------------------------------------------- */

static bool take(struct reader *r, const char *text)
{
	const size_t length = strlen(text);
	if (strncmp(r->at, text, length) != 0)
		return false;
	r->at += length;
	return true;
}

static void put_bytes(struct reader *r, const char *bytes, size_t length)
{
	if (r->muted)
		return;
	if (length >= r->room) {
		r->too_long = true;
		return;
	}
	memcpy(r->to, bytes, length);
	r->to += length;
	r->room -= length;
	*r->to = '\0';
}

static void put(struct reader *r, const char *text)
{
	put_bytes(r, text, strlen(text));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_one_of(char c, const char *characters)
{
	return c && strchr(characters, c);
}

static bool take_number(struct reader *r, unsigned *number)
{
	if (!is_digit(*r->at))
		return false;
	for (*number = 0; is_digit(*r->at); r->at++) {
		*number = *number * 10 + (unsigned)(*r->at - '0');
		if (*number > LENGTH_MAX)
			return false;
	}
	return true;
}

/* [digits or capitals] _ */
static bool take_sequence(struct reader *r)
{
	while (is_digit(*r->at) || (*r->at >= 'A' && *r->at <= 'Z'))
		r->at++;
	return take(r, "_");
}

/* Up to the E that ends them. */
static bool read_types(struct reader *r)
{
	while (*r->at && *r->at != 'E')
		if (!read_type(r))
			return false;
	return take(r, "E");
}

/* --- identifiers ------------------------------------------------------------------- */

static const struct {
	const char *escape, *text;
} rust_escapes[] = {
	{"$LT$", "<"},  {"$GT$", ">"},  {"$BP$", "*"},  {"$RF$", "&"},  {"$LP$", "("},
	{"$RP$", ")"},  {"$C$", ","},   {"$SP$", "@"},  {"$u20$", " "}, {"$u27$", "'"},
	{"$u5b$", "["}, {"$u5d$", "]"}, {"$u7b$", "{"}, {"$u7d$", "}"}, {"$u7e$", "~"},
	{"$u2b$", "+"}, {"..", "::"},
};

static void put_rust(struct reader *r, const char *bytes, size_t length)
{
	size_t i = length > 1 && bytes[0] == '_' && bytes[1] == '$';
	while (i < length) {
		size_t taken = 0;
		for (size_t n = 0; n < sizeof rust_escapes / sizeof *rust_escapes && !taken; n++) {
			const size_t escape = strlen(rust_escapes[n].escape);
			if (length - i >= escape &&
			    memcmp(bytes + i, rust_escapes[n].escape, escape) == 0) {
				put(r, rust_escapes[n].text);
				taken = escape;
			}
		}
		if (!taken)
			put_bytes(r, bytes + i, 1);
		i += taken ? taken : 1;
	}
}

static bool read_source_name(struct reader *r)
{
	unsigned length;
	if (!take_number(r, &length) || length == 0 || strnlen(r->at, length) < length)
		return false;
	r->last = r->at;
	r->last_length = length;
	r->at += length;
	if (length >= 10 && memcmp(r->last, "_GLOBAL__N", 10) == 0)
		put(r, "(anonymous namespace)");
	else if (r->is_rust)
		put_rust(r, r->last, length);
	else
		put_bytes(r, r->last, length);
	return true;
}

static bool skip_tags(struct reader *r)
{
	bool is_well = true;
	r->muted++;
	while (is_well && take(r, "B")) {
		const struct reader before = *r;
		is_well = read_source_name(r);
		r->last = before.last;
		r->last_length = before.last_length;
	}
	r->muted--;
	return is_well;
}

static const char operators[][2][12] = {
	{"nw", " new"},      {"na", " new[]"}, {"dl", " delete"}, {"da", " delete[]"},
	{"aw", " co_await"}, {"ps", "+"},      {"ng", "-"},       {"ad", "&"},
	{"de", "*"},         {"co", "~"},      {"pl", "+"},       {"mi", "-"},
	{"ml", "*"},         {"dv", "/"},      {"rm", "%"},       {"an", "&"},
	{"or", "|"},         {"eo", "^"},      {"aS", "="},       {"pL", "+="},
	{"mI", "-="},        {"mL", "*="},     {"dV", "/="},      {"rM", "%="},
	{"aN", "&="},        {"oR", "|="},     {"eO", "^="},      {"ls", "<<"},
	{"rs", ">>"},        {"lS", "<<="},    {"rS", ">>="},     {"eq", "=="},
	{"ne", "!="},        {"lt", "<"},      {"gt", ">"},       {"le", "<="},
	{"ge", ">="},        {"ss", "<=>"},    {"nt", "!"},       {"aa", "&&"},
	{"oo", "||"},        {"pp", "++"},     {"mm", "--"},      {"cm", ","},
	{"pm", "->*"},       {"pt", "->"},     {"cl", "()"},      {"ix", "[]"},
	{"qu", "?"},
};

static bool read_operator(struct reader *r)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (take(r, operators[i][0])) {
			put(r, "operator");
			put(r, operators[i][1]);
			return true;
		}
	if (!take(r, "cv"))
		return false;
	put(r, "operator (\xe2\x80\xa6)");
	r->muted++;
	const bool is_well = read_type(r);
	r->muted--;
	return is_well;
}

/* Ut [number] _, Ul types E [number] _ */
static bool read_unnamed(struct reader *r)
{
	const bool is_lambda = take(r, "Ul");
	if (!is_lambda && !take(r, "Ut"))
		return false;
	if (is_lambda && !read_types(r))
		return false;
	put(r, is_lambda ? "{lambda}" : "{unnamed}");
	return take_sequence(r);
}

static bool read_unqualified(struct reader *r)
{
	(void)take(r, "L"); /* of one file alone */
	if (is_digit(*r->at))
		return read_source_name(r) && skip_tags(r);
	return (*r->at == 'U' ? read_unnamed(r) : read_operator(r)) && skip_tags(r);
}

/* C1 … C5, D0 … D5: called as what they are of. */
static bool read_structor(struct reader *r)
{
	const bool is_destructor = *r->at == 'D';
	if (!r->last_length || !is_one_of(r->at[1], "012345"))
		return false;
	r->at += 2;
	put(r, is_destructor ? "~" : "");
	put_bytes(r, r->last, r->last_length);
	return skip_tags(r);
}

/* --- names ------------------------------------------------------------------------- */

static const struct {
	const char *code, *text, *last;
} standard[] = {
	{"St", "std", ""},
	{"Sa", "std::allocator", "allocator"},
	{"Sb", "std::basic_string", "basic_string"},
	{"Ss", "std::string", "basic_string"},
	{"Si", "std::istream", "basic_istream"},
	{"So", "std::ostream", "basic_ostream"},
	{"Sd", "std::iostream", "basic_iostream"},
};

/* One that is given by a number is known only where it need not be written. */
static bool read_substitution(struct reader *r)
{
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		if (take(r, standard[i].code)) {
			put(r, standard[i].text);
			r->last = standard[i].last;
			r->last_length = strlen(standard[i].last);
			return true;
		}
	r->last_length = 0;
	return r->muted && take(r, "S") && take_sequence(r);
}

static bool read_part(struct reader *r)
{
	switch (*r->at) {
	case 'S':
		return read_substitution(r);
	case 'T': /* a template's parameter */
		r->at++;
		return r->muted && take_sequence(r);
	case 'C':
		return read_structor(r);
	case 'D':
		return r->at[1] == 't' || r->at[1] == 'T' ? r->muted && read_type(r)
							  : read_structor(r);
	default:
		return read_unqualified(r);
	}
}

static bool is_hash(const char *at)
{
	if (strncmp(at, "17h", 3) != 0)
		return false;
	for (int i = 0; i < RUST_HASH - 1; i++)
		if (!is_one_of(at[3 + i], "0123456789abcdef"))
			return false;
	return at[2 + RUST_HASH] == 'E';
}

/* N [qualifiers] parts E */
static bool read_nested(struct reader *r)
{
	bool is_first = true;
	if (!take(r, "N"))
		return false;
	while (is_one_of(*r->at, "rVK"))
		r->at++;
	if (is_one_of(*r->at, "RO"))
		r->at++;
	while (!take(r, "E")) {
		if (r->is_rust && is_hash(r->at)) {
			r->at += 2 + RUST_HASH;
			continue;
		}
		if (*r->at == 'I') {
			if (is_first || !read_arguments(r))
				return false;
			continue;
		}
		if (take(r, "M"))
			continue; /* of a lambda in a member */
		put(r, is_first ? "" : "::");
		if (!read_part(r))
			return false;
		is_first = false;
	}
	return !is_first;
}

/* Z encoding E name [discriminator] */
static bool read_local(struct reader *r)
{
	unsigned number;
	if (!take(r, "Z") || !read_encoding(r) || !read_types(r))
		return false;
	if (take(r, "d")) { /* in a default argument */
		(void)take_number(r, &number);
		if (!take(r, "_"))
			return false;
	}
	put(r, "::");
	if (take(r, "s"))
		put(r, "{string}");
	else if (!read_name(r))
		return false;
	if (take(r, "__"))
		return take_number(r, &number) && take(r, "_");
	if (*r->at == '_' && is_digit(r->at[1]))
		r->at += 2;
	return true;
}

static bool read_any_name(struct reader *r)
{
	if (*r->at == 'N')
		return read_nested(r);
	if (*r->at == 'Z')
		return read_local(r);
	const bool is_substituted = *r->at == 'S' && r->at[1] != 't';
	if (take(r, "St"))
		put(r, "std::");
	if (!(is_substituted ? read_substitution(r) : read_unqualified(r)))
		return false;
	return *r->at != 'I' || read_arguments(r);
}

static bool read_name(struct reader *r)
{
	if (++r->depth > DEPTH_MAX)
		return false;
	const bool is_well = read_any_name(r);
	r->depth--;
	return is_well;
}

/* --- types: read, not written ------------------------------------------------------- */

static bool read_literal(struct reader *r)
{
	if (take(r, "L_Z"))
		return read_encoding(r) && read_types(r);
	if (!take(r, "L") || !read_type(r))
		return false;
	while (is_digit(*r->at) || is_one_of(*r->at, "nabcdef"))
		r->at++;
	return take(r, "E");
}

/* Of expressions the address of a function, and a parameter. */
static bool read_expression(struct reader *r)
{
	(void)take(r, "ad");
	return (take(r, "T") ? take_sequence(r) : read_literal(r)) && take(r, "E");
}

static bool read_argument(struct reader *r)
{
	if (*r->at == 'L')
		return read_literal(r);
	if (take(r, "X"))
		return read_expression(r);
	if (*r->at != 'J')
		return read_type(r);
	r->at++;
	while (*r->at && *r->at != 'E')
		if (!read_argument(r))
			return false;
	return take(r, "E");
}

static bool read_arguments(struct reader *r)
{
	const char *last = r->last;
	const size_t last_length = r->last_length;
	if (!take(r, "I") || ++r->depth > DEPTH_MAX)
		return false;
	put(r, "<\xe2\x80\xa6>");
	r->muted++;
	while (*r->at && *r->at != 'E')
		if (!read_argument(r))
			return false;
	r->muted--;
	r->depth--;
	r->last = last;
	r->last_length = last_length;
	return take(r, "E");
}

/* F [Y] types [R|O] E */
static bool read_function(struct reader *r)
{
	(void)take(r, "Y");
	while (*r->at && *r->at != 'E') {
		if (is_one_of(*r->at, "RO") && r->at[1] == 'E')
			r->at++;
		else if (!read_type(r))
			return false;
	}
	return take(r, "E");
}

static bool read_type_of_d(struct reader *r)
{
	unsigned bits;
	r->at++;
	if (is_one_of(*r->at, "adefhinsucU")) {
		r->at++;
		return true;
	}
	if (take(r, "p") || take(r, "o"))
		return read_type(r);
	if (take(r, "F"))
		return take_number(r, &bits) && (take(r, "_") || take(r, "x") || take(r, "b"));
	if (take(r, "v"))
		return take_number(r, &bits) && take(r, "_") && read_type(r);
	return false; /* of an expression */
}

static bool read_any_type(struct reader *r)
{
	unsigned number;
	if (is_one_of(*r->at, "vwbcahstijlmxynofdegz")) {
		r->at++;
		return true;
	}
	switch (*r->at) {
	case 'r':
	case 'V':
	case 'K':
	case 'P':
	case 'R':
	case 'O':
	case 'C':
	case 'G':
		r->at++;
		return read_type(r);
	case 'u':
		r->at++;
		return read_source_name(r);
	case 'U':
		if (r->at[1] == 'l' || r->at[1] == 't')
			return read_name(r);
		r->at++;
		return read_source_name(r) && (*r->at != 'I' || read_arguments(r)) && read_type(r);
	case 'F':
		r->at++;
		return read_function(r);
	case 'A':
		r->at++;
		(void)take_number(r, &number);
		return take(r, "_") && read_type(r);
	case 'M':
		r->at++;
		return read_type(r) && read_type(r);
	case 'D':
		return read_type_of_d(r);
	case 'T':
		r->at++;
		return take_sequence(r) && (*r->at != 'I' || read_arguments(r));
	case 'S':
		if (r->at[1] == 't')
			return read_name(r);
		return read_substitution(r) && (*r->at != 'I' || read_arguments(r));
	default:
		return read_name(r);
	}
}

static bool read_type(struct reader *r)
{
	if (++r->depth > DEPTH_MAX)
		return false;
	r->muted++;
	const bool is_well = read_any_type(r);
	r->muted--;
	r->depth--;
	return is_well;
}

/* A function's name; its arguments' types come behind it. Within a name these are read by who asks.
 */
static bool read_encoding(struct reader *r)
{
	return *r->at != 'T' && *r->at != 'G' && read_name(r);
}

/* What follows a name: types, then what compilers append. */
static bool read_rest(struct reader *r)
{
	r->muted++;
	while (*r->at && *r->at != '.')
		if (!read_type(r))
			return false;
	r->muted--;
	put(r, r->at);
	return true;
}

bool native_name(const char *symbol, char *name, size_t size)
{
	struct reader r = {.at = symbol, .to = name, .room = size, .last = ""};
	const size_t length = strlen(symbol);
	if (!size || !take(&r, "_Z"))
		return false;
	name[0] = '\0';
	r.is_rust = length > 3 + RUST_HASH && is_hash(symbol + length - 3 - RUST_HASH);
	return read_encoding(&r) && read_rest(&r) && !r.too_long && name[0];
}
