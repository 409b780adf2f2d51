/* A recording in the making, fed with made-up records: the tests' own probe. */
#ifndef UNSLOW_TESTS_INGEST_WORLD_H
#define UNSLOW_TESTS_INGEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/ingest.h"
#include "recording/recording.h"

#define US UINT64_C(1000)
#define SERIAL 3u
#define UNIT(n) ((uint64_t)SERIAL << UNIT_SERIAL_SHIFT | (n))
#define T0 UINT64_C(50000000000)
enum { TID = 700, OTHER_TID = 701 };
enum { TEXT_ROUTE = 1, TEXT_METHOD, TEXT_SQL, TEXT_PEER, TEXT_SPAN, TEXT_CLASS };
enum { HANDLE_DB = 1, HANDLE_PG, HANDLE_WEB };

struct world {
	char path[64];
	struct recording *recording;
	struct ingest *ingest;
	sqlite3 *db; /* of the recording while it is written */
};

void add_text(struct world *w, uint32_t id, const char *value);

void add_code(struct world *w, uint32_t id, const char *file, const char *name);

void add_stack(struct world *w, uint32_t id, uint32_t leaf, uint32_t caller);

void begin(struct world *w);

void flush(struct world *w);

void end(struct world *w);

void finish(struct world *w);

void put(struct world *w, uint32_t tid, struct channel_record record);

/* A call of 20 µs or more: its CPU was measured. */
struct channel_record call(uint64_t unit, uint16_t kind, uint64_t at_us, uint64_t dur_us,
			   uint64_t cpu_us);

int64_t query(struct world *w, const char *sql);

void begin_unit(struct world *w, uint64_t unit);

void end_unit(struct world *w, uint64_t unit, uint64_t wall_us, uint64_t cpu_us);

#endif
