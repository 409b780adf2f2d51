#include "probe/command.h"

#include <stdio.h>
#include <string.h>

#include "base/mask.h"
#include "target/proc.h"

enum { COMMAND_BYTES = 4096, COMMAND_WORDS = 64 };

struct words {
	char text[COMMAND_BYTES];
	char *items[COMMAND_WORDS];
	int count;
};

static void read_words(int pid, struct words *out)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
	out->count = 0;
	const ssize_t length = proc_read_file(path, out->text, sizeof out->text);
	for (char *at = out->text;
	     length > 0 && at < out->text + length && out->count < COMMAND_WORDS;
	     at += strlen(at) + 1)
		out->items[out->count++] = at;
}

const char *command_text(int pid, struct arena *arena)
{
	struct words words;
	struct proc_stat now = {0};
	struct str masked;
	read_words(pid, &words);
	if (words.count == 0 && proc_read_stat(pid, &now, NULL) != ERR_OK)
		return "";
	if (words.count == 0)
		return arena_string(arena, now.name);
	/* setproctitle writes one word that is no command: "gunicorn: worker [app:app]" */
	if (words.count == 1 && strchr(words.items[0], ' '))
		return arena_string(arena, words.items[0]);
	str_init(&masked, COMMAND_BYTES);
	mask_command(words.items, words.count, &masked);
	const char *command = arena_string(arena, masked.text);
	str_free(&masked);
	return command;
}

const char *command_server(int pid, struct arena *arena)
{
	struct words words;
	read_words(pid, &words);
	for (int i = 0; i < words.count; i++) {
		const char *slash = strrchr(words.items[i], '/');
		const char *name = slash ? slash + 1 : words.items[i];
		/* "gunicorn: master [app:app]" */
		char *end = strchr(words.items[i], ':');
		if (words.count == 1 && end)
			*end = '\0';
		if (mask_is_server(words.items[i]))
			return arena_string(arena, name);
	}
	return "python";
}
