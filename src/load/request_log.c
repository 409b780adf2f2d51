#include "load/request_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const char names[] = "trace,due_ns,sent_ns,done_ns,status,error,line\n";
enum { LINE_MAX_BYTES = 256, FIELDS = 7, TRACE_DIGITS = 32 };

struct request_log {
	struct request_seen *items; /* a heap once it is full: the fastest first */
	size_t count, limit;
	uint64_t total;
};

static uint64_t took_ns(const struct request_seen *seen)
{
	return seen->ended_ns > seen->due_ns ? seen->ended_ns - seen->due_ns : 0;
}

struct request_log *request_log_new(size_t limit)
{
	struct request_log *log = mem_alloc(sizeof *log);
	log->limit = limit ? limit : 1;
	log->items = mem_alloc(log->limit * sizeof *log->items);
	return log;
}

void request_log_free(struct request_log *log)
{
	if (!log)
		return;
	free(log->items);
	free(log);
}

static void sink(struct request_log *log, size_t at)
{
	const struct request_seen moved = log->items[at];
	for (size_t child; (child = 2 * at + 1) < log->count; at = child) {
		if (child + 1 < log->count &&
		    took_ns(&log->items[child + 1]) < took_ns(&log->items[child]))
			child++;
		if (took_ns(&log->items[child]) >= took_ns(&moved))
			break;
		log->items[at] = log->items[child];
	}
	log->items[at] = moved;
}

void request_log_add(struct request_log *log, const struct request_seen *seen)
{
	log->total++;
	if (log->count < log->limit) {
		log->items[log->count++] = *seen;
		if (log->count == log->limit)
			for (size_t i = log->count / 2; i-- > 0;)
				sink(log, i);
	} else if (took_ns(seen) > took_ns(&log->items[0])) {
		log->items[0] = *seen;
		sink(log, 0);
	}
}

void request_log_merge(struct request_log *into, struct request_log *from)
{
	const uint64_t left_out = from->total - from->count;
	for (size_t i = 0; i < from->count; i++)
		request_log_add(into, &from->items[i]);
	into->total += left_out;
	from->count = 0;
	from->total = 0;
}

uint64_t request_log_total(const struct request_log *log)
{
	return log->total;
}

/* --- text ------------------------------------------------------------------ */

static void write_number(FILE *out, uint64_t number)
{
	if (number)
		fprintf(out, "%" PRIu64, number);
	fputc(',', out);
}

static int by_due(const void *left, const void *right)
{
	const struct request_seen *a = left, *b = right;
	return (a->due_ns > b->due_ns) - (a->due_ns < b->due_ns);
}

void request_log_write(const struct request_log *log, FILE *out)
{
	struct request_seen *sorted = mem_alloc((log->count + 1) * sizeof *sorted);
	memcpy(sorted, log->items, log->count * sizeof *sorted);
	qsort(sorted, log->count, sizeof *sorted, by_due);
	fputs(names, out);
	for (size_t i = 0; i < log->count; i++) {
		const struct request_seen *seen = &sorted[i];
		if (seen->trace_high | seen->trace_low)
			fprintf(out, "%016" PRIx64 "%016" PRIx64, seen->trace_high,
				seen->trace_low);
		fputc(',', out);
		write_number(out, seen->due_ns);
		write_number(out, seen->sent_ns);
		write_number(out, seen->done_ns);
		write_number(out, seen->status);
		fprintf(out, "%s,", seen->error);
		if (seen->line)
			fprintf(out, "%" PRIu32, seen->line);
		fputc('\n', out);
	}
	free(sorted);
}

static bool read_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end = NULL;
	*number = 0;
	if (!*text)
		return true;
	if (strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && *number <= max;
}

static bool read_trace(const char *text, struct request_seen *seen)
{
	char half[TRACE_DIGITS / 2 + 1] = {0};
	if (!*text)
		return true;
	if (strlen(text) != TRACE_DIGITS || strspn(text, "0123456789abcdef") != TRACE_DIGITS)
		return false;
	memcpy(half, text, TRACE_DIGITS / 2);
	seen->trace_high = strtoull(half, NULL, 16);
	seen->trace_low = strtoull(text + TRACE_DIGITS / 2, NULL, 16);
	return true;
}

/* Cuts the line at its commas. */
static bool read_line(char *line, struct request_seen *seen)
{
	char *fields[FIELDS];
	uint64_t status, number;
	size_t count = 0;
	*seen = (struct request_seen){0};
	line[strcspn(line, "\n")] = '\0';
	for (char *at = line; count < FIELDS; count++) {
		fields[count] = at;
		at = strchr(at, ',');
		if (!at)
			break;
		*at++ = '\0';
	}
	if (count != FIELDS - 1 || strlen(fields[5]) >= sizeof seen->error)
		return false;
	memcpy(seen->error, fields[5], strlen(fields[5]));
	if (!read_trace(fields[0], seen) || !read_number(fields[1], INT64_MAX, &seen->due_ns) ||
	    !read_number(fields[2], INT64_MAX, &seen->sent_ns) ||
	    !read_number(fields[3], INT64_MAX, &seen->done_ns) ||
	    !read_number(fields[4], 999, &status) || !read_number(fields[6], UINT32_MAX, &number) ||
	    !seen->due_ns)
		return false;
	seen->status = (uint16_t)status;
	seen->line = (uint32_t)number;
	return true;
}

enum err_kind request_log_read(FILE *in,
			       void (*take)(void *context, const struct request_seen *seen),
			       void *context, struct err *e)
{
	char line[LINE_MAX_BYTES];
	struct request_seen seen;
	if (!fgets(line, sizeof line, in) || strcmp(line, names) != 0)
		return ERR(e, ERR_INVALID, "no log of requests: its first line is not %.*s",
			   (int)strcspn(names, "\n"), names);
	for (int number = 2; fgets(line, sizeof line, in); number++) {
		if (!read_line(line, &seen))
			return ERR(e, ERR_INVALID, "line %d of the log is no request", number);
		take(context, &seen);
	}
	return ERR_OK;
}
