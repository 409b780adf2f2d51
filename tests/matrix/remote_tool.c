/* Reads a Python process from outside, for remote_check.py.
 *
 *     remote-tool PID           its version and every thread's frames, one a line
 *     remote-tool --shift PID   each field of the layout that is read, shifted by each of some
 *                               distances: "FIELD DISTANCE refused TEXT" or "FIELD DISTANCE
 * accepted"
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/python_process.h"
#include "probe/still.h"
#include "python/remote_check.h"
#include "python/remote_code.h"
#include "python/remote_frames.h"
#include "python/remote_threads.h"

enum { FRAMES = 4096, TRIES = 40 };

static struct remote_frame frames[FRAMES];

struct look {
	struct python_process *process;
	struct arena *arena;
	char *text; /* what is printed once the look was still */
};

static enum err_kind look(void *context, struct err *e)
{
	struct look *l = context;
	static struct remote_thread threads[REMOTE_THREADS_MAX];
	const struct remote *r = &l->process->remote;
	size_t count;
	FILE *out;
	size_t size;
	enum err_kind kind;
	free(l->text);
	l->text = NULL;
	out = open_memstream(&l->text, &size);
	kind = remote_threads(r, threads, REMOTE_THREADS_MAX, &count, e);
	for (size_t i = 0; kind == ERR_OK && i < count; i++) {
		struct remote_chain chain = {.frames = frames, .max = FRAMES};
		kind = remote_frames(r, threads[i].tstate, &chain, e);
		fprintf(out, "thread %d\n", remote_inner_tid(r, threads[i].tstate));
		for (size_t k = 0; kind == ERR_OK && k < chain.count; k++) {
			struct remote_code code;
			kind = remote_code_read(r, frames[k].code, l->arena, &code, e);
			if (kind == ERR_OK)
				fprintf(out, "%s %s %d\n", code.name, code.file,
					remote_code_line(r, &code, frames[k].instr_offset));
		}
	}
	fclose(out);
	return kind;
}

#define FIELD(name) \
	{ \
#name, offsetof(struct py_layout, name) \
	}
static const struct {
	const char *name;
	size_t at;
} fields[] = {
	FIELD(runtime_interpreters_head),
	FIELD(runtime_gil),
	FIELD(interp_next),
	FIELD(interp_threads_head),
	FIELD(interp_gil),
	FIELD(gil_locked),
	FIELD(gil_last_holder),
	FIELD(gil_cond),
	FIELD(tstate_next),
	FIELD(tstate_interp),
	FIELD(tstate_frame),
	FIELD(tstate_thread_id),
	FIELD(tstate_native_thread_id),
	FIELD(cframe_current_frame),
	FIELD(cframe_previous),
	FIELD(frame_back),
	FIELD(frame_code),
	FIELD(frame_instr),
	FIELD(frame_owner),
	FIELD(frame_is_entry),
	FIELD(code_filename),
	FIELD(code_name),
	FIELD(code_qualname),
	FIELD(code_first_line),
	FIELD(code_line_table),
	FIELD(code_instructions),
	FIELD(code_first_traceable),
	FIELD(object_type),
	FIELD(bytes_size),
	FIELD(bytes_data),
	FIELD(str_length),
	FIELD(str_state),
	FIELD(str_data_ascii),
	FIELD(str_data_compact),
	FIELD(type_name),
};

static enum err_kind frames_of(void *context, struct err *e)
{
	return remote_check_frames(context, e);
}

/* As python_process_check does it, with fewer tries. */
static enum err_kind check(struct python_process *p, struct still *still, struct err *e)
{
	enum err_kind kind = ERR_OK;
	for (int i = 0; i < TRIES; i++) {
		int inner[PROCESS_THREADS_MAX];
		memory_forget(&p->memory);
		still_list(p, still);
		for (size_t k = 0; k < still->count; k++)
			inner[k] = still->threads[k].inner_tid;
		kind = remote_check_threads(&p->remote, inner, still->count, e);
		if (kind == ERR_OK)
			return still_look(p, still, frames_of, &p->remote, e);
	}
	return kind;
}

static void shift(struct python_process *p, struct still *still)
{
	static const int distances[] = {-16, -8, -4, -2, -1, 1, 2, 4, 8, 16};
	const struct remote whole = p->remote;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		for (size_t k = 0; k < sizeof distances / sizeof *distances; k++) {
			struct err why = {0};
			uint16_t value;
			p->remote = whole;
			memcpy(&value, (char *)&p->remote.layout + fields[i].at, sizeof value);
			if (value == PY_UNKNOWN || value + distances[k] < 0)
				continue;
			value = (uint16_t)(value + distances[k]);
			memcpy((char *)&p->remote.layout + fields[i].at, &value, sizeof value);
			if (check(p, still, &why) == ERR_OK)
				printf("%s %d accepted\n", fields[i].name, distances[k]);
			else
				printf("%s %d refused %s\n", fields[i].name, distances[k],
				       why.text);
		}
	p->remote = whole;
}

int main(int argc, char **argv)
{
	struct python_process process;
	struct still still;
	struct err e = {0};
	char version[16];
	const bool shifts = argc == 3 && strcmp(argv[1], "--shift") == 0;
	still_begin(&still);
	if (python_process_open(atoi(argv[argc - 1]), &process, &e) != ERR_OK ||
	    python_process_check(&process, &still, &e) != ERR_OK) {
		fprintf(stderr, "%s\n", e.text);
		return err_exit_status(e.kind);
	}
	if (shifts) {
		shift(&process, &still);
	} else {
		struct look l = {&process, process.arena, NULL};
		if (still_look(&process, &still, look, &l, &e) != ERR_OK) {
			fprintf(stderr, "%s\n", e.text);
			return 1;
		}
		printf("%s\n%s", python_process_version(&process, version), l.text);
		fprintf(stderr, "looks %u torn %u stops %u mean %.1f us longest %.1f us\n",
			still.looks, still.torn, still.freeze.stops,
			still.freeze.stops
				? (double)still.freeze.stopped_ns / 1e3 / still.freeze.stops
				: 0,
			(double)still.freeze.longest_ns / 1e3);
		free(l.text);
	}
	still_end(&still);
	python_process_close(&process);
	return 0;
}
