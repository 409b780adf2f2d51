#include "export/frame.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "view/text.h"

/* C0 and DEL; C1 (U+0080 to U+009F), which terminals obey; U+FFFE and U+FFFF, which XML refuses. */
static bool is_control(const unsigned char *s, size_t length)
{
	if (length == 1)
		return s[0] < 0x20 || s[0] == 0x7f;
	if (length == 2)
		return s[0] == 0xc2 && s[1] < 0xa0;
	return length == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe;
}

char *frame_clean(const char *text, char *out, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t left = strlen(text), used = 0;
	while (left) {
		const size_t length = utf8_length(s, left);
		const bool is_text = length && !is_control(s, length);
		const size_t taken = length ? length : 1, put = is_text ? length : 1;
		if (used + put >= size)
			break;
		if (is_text)
			memcpy(out + used, s, length);
		else
			out[used] = '?';
		used += put;
		s += taken;
		left -= taken;
	}
	out[used] = '\0';
	return out;
}

char *frame_text(const struct profile_function *f, char *out)
{
	char text[2 * FRAME_TEXT_SIZE];
	if (*f->file && f->kind && strcmp(f->kind, PROFILE_NATIVE_KIND) == 0)
		snprintf(text, sizeof text, "%.600s (%.600s)", f->name, text_short_path(f->file));
	else if (*f->file)
		snprintf(text, sizeof text, "%.600s (%.600s:%d)", *f->name ? f->name : "?",
			 text_short_path(f->file), f->first_line);
	else
		snprintf(text, sizeof text, "%.600s", *f->name ? f->name : "?");
	return frame_clean(text, out, FRAME_TEXT_SIZE);
}

void frame_xml(FILE *out, const char *clean)
{
	for (; *clean; clean++) {
		switch (*clean) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*clean, out);
		}
	}
}
