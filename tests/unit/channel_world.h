/* Hand-made channel files, mapped as the agent maps them, and a probe that reads them. */
#ifndef UNSLOW_TESTS_CHANNEL_WORLD_H
#define UNSLOW_TESTS_CHANNEL_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "probe/agent_probe.h"
#include "probe/channel_reader.h"

enum { SERIAL = 5, RINGS = 2, CAPACITY = 16, DICT_BYTES = 8192, RINGS_AT = CHANNEL_PAGE };
#define DICT_AT (RINGS_AT + 4 * CHANNEL_PAGE)
#define FILE_BYTES (DICT_AT + DICT_BYTES)
#define UNIT ((uint64_t)SERIAL << UNIT_SERIAL_SHIFT | 1)

/* A channel file as the agent makes it, mapped. */
struct file {
	char path[256];
	unsigned char *bytes;
	struct channel_header *header;
	struct channel_rings *run;
	struct channel_ring *rings;
	struct channel_record *records;
	uint64_t dict_tail;
};

struct world {
	char path[64];
	struct recording *recording;
	struct ingest *ingest;
	struct agent_probe *probe;
	struct file file;
};

void make_file(struct world *w, pid_t pid);

void show(struct file *f);

void begin(struct world *w, pid_t pid);

void drain(struct world *w);

/* Stops the probe and writes what is left; rows can be asked for. */
void stop(struct world *w);

void finish(struct world *w);

int64_t query(struct world *w, const char *sql);

/* As ring_write() does: false when full. */
bool put(struct file *f, uint32_t ring, uint16_t kind, uint64_t dur_ns, uint32_t subject);

/* Reserve, fill, make ready (unless `kind` is 0: still being written). */
struct dict_entry *put_dict(struct file *f, uint32_t kind, const void *payload, size_t size);

struct dict_entry *put_text(struct file *f, uint32_t kind, uint32_t id, const char *value);

#endif
