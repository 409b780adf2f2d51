#include "rules/taken_from.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "rules/blanked.h"

enum { TEXT_BYTES = 512 << 10 };

/* Of list, dict, set, deque, OrderedDict. */
static const char *const takers[] = {".pop(",    ".popitem(", ".popleft(",
				     ".remove(", ".discard(", ".clear("};

/* "del NAME[", "del self.NAME[". */
static bool is_deleted(const char *text, const char *word, const char *end)
{
	if (*blanked_code(end) != '[')
		return false;
	while (word > text && (blanked_is_word(word[-1]) || word[-1] == '.'))
		word--;
	while (word > text && (word[-1] == ' ' || word[-1] == '\t'))
		word--;
	return word >= text + 3 && !strncmp(word - 3, "del", 3) &&
	       (word == text + 3 || !blanked_is_word(word[-4]));
}

static bool is_taken_from(const char *text, const char *word, const char *end)
{
	for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
		if (!strncmp(end, takers[i], strlen(takers[i])))
			return true;
	return is_deleted(text, word, end);
}

int taken_from(const char *text, const char *name)
{
	const char *dot = strrchr(name, '.'), *last = dot ? dot + 1 : name;
	const size_t length = strnlen(text, TEXT_BYTES), n = strlen(last);
	struct arena *arena = arena_new();
	char *copy = arena_copy(arena, text, length);
	int line = 0;

	blanked(copy, length);
	for (const char *c = copy; n && !line && (c = strstr(c, last)); c += n) {
		if ((c > copy && blanked_is_word(c[-1])) || blanked_is_word(c[n]) ||
		    !is_taken_from(copy, c, c + n))
			continue;
		line = 1;
		for (const char *before = copy; before < c; before++)
			line += *before == '\n' || *before == BLANKED_NEWLINE;
	}
	arena_free(arena);
	return line;
}
