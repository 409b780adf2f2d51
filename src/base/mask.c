#include "base/mask.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MASK "***"

static const char *const secret_words[] = {
	"password", "passwd", "passphrase", "pwd",  "secret", "token",
	"key",      "dsn",    "credential", "auth", NULL,
};

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

static bool names_a_secret(const char *name, size_t length)
{
	for (int i = 0; secret_words[i]; i++) {
		const size_t word = strlen(secret_words[i]);
		for (size_t at = 0; at + word <= length; at++)
			if (strncasecmp(name + at, secret_words[i], word) == 0)
				return true;
	}
	return false;
}

/* End of the value at `at`: its closing quote, else blank, & ; or comma. */
static const char *value_end(const char *at)
{
	if (*at == '"' || *at == '\'') {
		const char *close = strchr(at + 1, *at);
		return close ? close + 1 : at + strlen(at);
	}
	return at + strcspn(at, " \t\n&;,");
}

/* "://user:password@": the '@' before the path begins, else NULL. */
static const char *userinfo_end(const char *after_scheme)
{
	const char *end = after_scheme + strcspn(after_scheme, "/?# \t\n\"'");
	const char *last = NULL;
	for (const char *at = after_scheme; at < end; at++)
		if (*at == '@')
			last = at;
	return last;
}

void mask_word(const char *word, struct str *out)
{
	const char *name = word; /* where the name before the next = or : begins */
	for (const char *at = word; *at;) {
		if (strncmp(at, "://", 3) == 0) {
			str_add(out, "://");
			at += 3;
			const char *user_end = userinfo_end(at);
			if (user_end) {
				str_add(out, MASK);
				at = user_end;
			}
			name = at;
			continue;
		}
		if (is_name_char(*at)) {
			str_add_char(out, *at++);
			continue;
		}
		const bool secret =
			(*at == '=' || *at == ':') && names_a_secret(name, (size_t)(at - name));
		str_add_char(out, *at++);
		if (secret) {
			while (*at == ' ')
				str_add_char(out, *at++);
			if (*at) {
				str_add(out, MASK);
				/* "Authorization: Bearer X": both words. */
				if (strncasecmp(at, "bearer ", 7) == 0 ||
				    strncasecmp(at, "basic ", 6) == 0)
					at += strcspn(at, " ") + 1;
				at = value_end(at);
			}
		}
		name = at;
	}
}

static void add_quoted(const char *text, struct str *out)
{
	if (*text && !strpbrk(text, " \t\n\"'\\$`|&;<>(){}[]?#~!")) {
		str_add(out, text);
		return;
	}
	str_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add(out, "'\\''");
		else
			str_add_char(out, *text);
	}
	str_add_char(out, '\'');
}

void mask_command(char *const *words, int count, struct str *out)
{
	bool next_is_secret = false;
	for (int i = 0; i < count; i++) {
		if (i)
			str_add_char(out, ' ');
		const char *word = words[i];
		const bool option = word[0] == '-' && word[1];
		if (next_is_secret && !option) {
			str_add(out, MASK);
			next_is_secret = false;
			continue;
		}
		/* "--password" alone: its value is the next word. */
		next_is_secret =
			option && !strpbrk(word, "= :") && names_a_secret(word, strlen(word));
		struct str masked;
		str_init(&masked, strlen(word) * 4 + sizeof MASK);
		mask_word(word, &masked);
		add_quoted(masked.text, out);
		str_free(&masked);
	}
}
