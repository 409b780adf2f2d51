#include "rules/glossary.h"

#include <string.h>

#include "base/opt.h"
#include "rules/embedded.h"

#define NEAR 3 /* edits; further away it is another word, not a slip */
#define ID_COLUMNS 28
#define LINE_MAX_BYTES 240

const struct glossary_entry glossary[] = {
	{"slow-loop-body", GLOSSARY_RIVAL,
	 "Python between two statements takes the time, not they"},
	{"async", GLOSSARY_REMEDY, "an asynchronous framework in place of a synchronous one"},
	{"threads", GLOSSARY_REMEDY, "threads in a worker"},
	{"more-workers", GLOSSARY_REMEDY, "more processes of the server"},
	{"more-cores", GLOSSARY_REMEDY, "a machine with more CPUs"},
	{"other-server", GLOSSARY_REMEDY, "another WSGI or ASGI server"},
	{"query-cache", GLOSSARY_REMEDY, "answers of the database kept and given again"},
	{"faster-database", GLOSSARY_REMEDY, "a database that answers at once"},
	{0},
};

const char *glossary_page(const char *id)
{
	const size_t length = strlen(id);
	for (const struct embedded_file *f = embedded_pages; f->path; f++)
		if (!strncmp(f->path, id, length) && !strcmp(f->path + length, ".md"))
			return f->text;
	return NULL;
}

const struct glossary_entry *glossary_find(const char *id)
{
	for (const struct glossary_entry *entry = glossary; entry->id; entry++)
		if (!strcmp(entry->id, id))
			return entry;
	return NULL;
}

/* A page's file name without its ending. */
static void id_of_page(const struct embedded_file *page, char *out, size_t size)
{
	const char *dot = strrchr(page->path, '.');
	snprintf(out, size, "%.*s", dot ? (int)(dot - page->path) : 0, page->path);
}

bool glossary_nearest(const char *text, char *out, size_t size)
{
	size_t least = NEAR + 1;
	for (const struct embedded_file *f = embedded_pages; f->path; f++) {
		char id[80];
		id_of_page(f, id, sizeof id);
		const size_t distance = opt_distance(text, id);
		if (distance < least) {
			least = distance;
			snprintf(out, size, "%s", id);
		}
	}
	return least <= NEAR;
}

/* The first sentence of a page's "What happens", on one line. */
static void first_sentence(const char *page, char out[LINE_MAX_BYTES])
{
	static const char heading[] = "## What happens\n";
	const char *at = strstr(page, heading);
	size_t length = 0;
	at = at ? at + strlen(heading) : page;
	for (; *at && length + 1 < LINE_MAX_BYTES; at++) {
		if (*at == '.' && (at[1] == ' ' || at[1] == '\n'))
			break;
		if (*at == '\n' && at[1] == '\n')
			break;
		out[length++] = *at == '\n' ? ' ' : *at;
	}
	out[length] = '\0';
}

void glossary_list(FILE *out)
{
	static const struct {
		enum glossary_kind kind;
		const char *heading;
	} parts[] = {
		{GLOSSARY_RIVAL, "What they are told apart from"},
		{GLOSSARY_REMEDY, "Remedies that are judged"},
	};
	fputs("Causes that unslow finds; `unslow why --explain ID` prints the page\n", out);
	for (const struct embedded_file *f = embedded_pages; f->path; f++) {
		char id[80], line[LINE_MAX_BYTES];
		id_of_page(f, id, sizeof id);
		first_sentence(f->text, line);
		fprintf(out, "  %-*s  %s\n", ID_COLUMNS, id, line);
	}
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		fprintf(out, "\n%s\n", parts[i].heading);
		for (const struct glossary_entry *entry = glossary; entry->id; entry++)
			if (entry->kind == parts[i].kind)
				fprintf(out, "  %-*s  %s\n", ID_COLUMNS, entry->id, entry->line);
	}
}
