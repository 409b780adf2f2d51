/* pprof: the sampled heap as a profile of pprof (google/pprof, proto/profile.proto): what was
 * allocated and what is in use at the end, objects and space, by stack; the process and the kind of
 * allocator are labels. Strings are numbered, functions and lines too.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "export/formats.h"
#include "export/frame.h"
#include "export/gzip_stored.h"
#include "model/heap.h"
#include "model/heap_native.h"
#include "model/query.h"

#define PROFILE_BYTES_MAX ((size_t)256 << 20)
enum { DEPTH_MAX = 1024, VALUES = 4 };

/* Field numbers of profile.proto. */
enum {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRINGS = 6,
	PROFILE_TIME_NANOS = 9,
	PROFILE_DURATION_NANOS = 10,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
	PROFILE_DEFAULT_TYPE = 14,
};
enum { TYPE_TYPE = 1, TYPE_UNIT };
enum { SAMPLE_LOCATIONS = 1, SAMPLE_VALUES, SAMPLE_LABELS };
enum { LABEL_KEY = 1, LABEL_TEXT, LABEL_NUMBER };
enum { LOCATION_ID = 1, LOCATION_LINE = 4 };
enum { LINE_FUNCTION = 1, LINE_LINE };
/* Without a system name: a name that equals it is taken for one of C++ and demangled, by which
 * "<lambda>" is nothing (internal/symbolizer/symbolizer.go, demangleSingleFunction). */
enum { FUNCTION_ID = 1, FUNCTION_NAME, FUNCTION_FILE = 4, FUNCTION_LINE };

struct frame {
	uint64_t parent;
	uint64_t location;
};

struct writer {
	sqlite3 *db;
	struct arena *arena;
	struct str out, inner, innermost; /* messages, inside one another */
	struct intern *strings;           /* number 1 is pprof's 1: 0 is the empty one */
	struct intern *functions, *locations;
	VEC(struct frame) frames;
	struct map frame_of; /* stack id → index in frames */
};

/* --- protobuf ------------------------------------------------------------ */

static void varint(struct str *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		str_add_char(out, (char)(value | 0x80));
	str_add_char(out, (char)value);
}

static void field_number(struct str *out, unsigned field, uint64_t value)
{
	varint(out, (uint64_t)field << 3); /* wire type 0 */
	varint(out, value);
}

static void field_bytes(struct str *out, unsigned field, const char *bytes, size_t length)
{
	varint(out, (uint64_t)field << 3 | 2); /* wire type 2 */
	varint(out, length);
	str_add_bytes(out, bytes, length);
}

/* A message that was made in `message`, which is emptied. */
static void field_message(struct str *out, unsigned field, struct str *message)
{
	field_bytes(out, field, message->text, message->length);
	str_clear(message);
}

/* Clean text, numbered. */
static uint64_t string_id(struct writer *w, const char *text)
{
	char clean[FRAME_TEXT_SIZE];
	frame_clean(text ? text : "", clean, sizeof clean);
	return *clean ? intern_id(w->strings, clean, strlen(clean), NULL) : 0;
}

static void field_type(struct writer *w, unsigned field, const char *type, const char *unit)
{
	field_number(&w->inner, TYPE_TYPE, string_id(w, type));
	field_number(&w->inner, TYPE_UNIT, string_id(w, unit));
	field_message(&w->out, field, &w->inner);
}

/* --- places -------------------------------------------------------------- */

static uint64_t function_id(struct writer *w, const char *file, const char *name, int64_t line)
{
	bool is_new = false;
	const char *key = arena_printf(w->arena, "%" PRId64 "\n%s\n%s", line, file, name);
	const uint64_t id = intern_id(w->functions, key, strlen(key), &is_new);
	if (!is_new)
		return id;
	field_number(&w->inner, FUNCTION_ID, id);
	field_number(&w->inner, FUNCTION_NAME, string_id(w, name));
	field_number(&w->inner, FUNCTION_FILE, string_id(w, file));
	field_number(&w->inner, FUNCTION_LINE, line > 0 ? (uint64_t)line : 0);
	field_message(&w->out, PROFILE_FUNCTION, &w->inner);
	return id;
}

static uint64_t location_id(struct writer *w, uint64_t function, int64_t line)
{
	bool is_new = false;
	const char *key = arena_printf(w->arena, "%" PRIu64 " %" PRId64, function, line);
	const uint64_t id = intern_id(w->locations, key, strlen(key), &is_new);
	if (!is_new)
		return id;
	field_number(&w->innermost, LINE_FUNCTION, function);
	field_number(&w->innermost, LINE_LINE, line > 0 ? (uint64_t)line : 0);
	field_number(&w->inner, LOCATION_ID, id);
	field_message(&w->inner, LOCATION_LINE, &w->innermost);
	field_message(&w->out, PROFILE_LOCATION, &w->inner);
	return id;
}

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	return text ? text : "";
}

/* Frames of the sites' stacks. A ring, which only somebody else could have made, ends in itself. */
static enum err_kind read_frames(struct writer *w, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(
		w->db,
		"WITH RECURSIVE up(id) AS (SELECT stack_id FROM v1_heap_site WHERE "
		"stack_id IS NOT NULL UNION SELECT f.parent_id FROM up JOIN v1_frame f ON "
		"f.id = up.id WHERE f.parent_id <> 0) SELECT f.id, f.parent_id, f.file, "
		"f.line, f.function, f.first_line FROM up JOIN v1_frame f ON f.id = up.id "
		"ORDER BY f.id",
		&row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const uint64_t function = function_id(w, text_of(row, 2), text_of(row, 4),
						      sqlite3_column_int64(row, 5));
		*map_put(&w->frame_of, (uint64_t)sqlite3_column_int64(row, 0), NULL) =
			w->frames.count;
		*vec_push(&w->frames) = (struct frame){
			.parent = (uint64_t)sqlite3_column_int64(row, 1),
			.location = location_id(w, function, sqlite3_column_int64(row, 3)),
		};
	}
	return query_finish(w->db, row, e);
}

/* Ids of native frames beside those of stacks: the way and the place in it, 1 called the allocator.
 */
static uint64_t native_id(int64_t way, int64_t nth)
{
	return UINT64_C(1) << 63 | (uint64_t)way << 8 | (uint64_t)nth;
}

static enum err_kind read_natives(struct writer *w, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(w->db,
			  "SELECT w.native_id, s.nth, s.nth = max(s.nth) OVER (PARTITION BY "
			  "w.native_id), w.stack_id, s.library, s.function FROM heap_native_way w "
			  "JOIN heap_native_step s ON s.native_id = w.native_id",
			  &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const int64_t way = sqlite3_column_int64(row, 0),
			      nth = sqlite3_column_int64(row, 1);
		const bool is_outermost = sqlite3_column_int(row, 2) != 0;
		const uint64_t function = function_id(w, text_of(row, 4), text_of(row, 5), 0);
		*map_put(&w->frame_of, native_id(way, nth), NULL) = w->frames.count;
		*vec_push(&w->frames) = (struct frame){
			.parent = is_outermost ? (uint64_t)sqlite3_column_int64(row, 3)
					       : native_id(way, nth + 1),
			.location = location_id(w, function, 0),
		};
	}
	return query_finish(w->db, row, e);
}

/* --- samples ------------------------------------------------------------- */

/* First in a sample: it may make a location. */
static void add_stack(struct writer *w, uint64_t stack)
{
	const uint64_t *at = map_find(&w->frame_of, stack);
	for (int depth = 0; at && depth < DEPTH_MAX; depth++) {
		const struct frame *frame = &w->frames.items[*at];
		varint(&w->innermost, frame->location);
		at = map_find(&w->frame_of, frame->parent);
	}
	if (!w->innermost.length) {
		const uint64_t none = location_id(w, function_id(w, "", "(no Python code)", 0), 0);
		varint(&w->innermost, none);
	}
	field_message(&w->inner, SAMPLE_LOCATIONS, &w->innermost);
}

static void add_label(struct writer *w, const char *key, const char *text, int64_t number)
{
	field_number(&w->innermost, LABEL_KEY, string_id(w, key));
	if (text)
		field_number(&w->innermost, LABEL_TEXT, string_id(w, text));
	else
		field_number(&w->innermost, LABEL_NUMBER, (uint64_t)number);
	field_message(&w->inner, SAMPLE_LABELS, &w->innermost);
}

static const char sites_sql[] =
	"SELECT coalesce(s.stack_id, 0), s.made_blocks, s.made_bytes, coalesce(l.blocks, 0), "
	"coalesce(l.bytes, 0), p.pid, s.domain, iif(n.text IS NULL, NULL, n.native_id), "
	"coalesce(n.share, 1) FROM v1_heap_site s LEFT JOIN v1_process p ON p.id = s.process_id "
	"LEFT JOIN heap_native_way n ON n.site_id = s.id LEFT JOIN (SELECT site_id, "
	"total(l.blocks) AS blocks, sum(l.bytes) AS bytes "
	"FROM v1_heap_live l JOIN heap_at a ON a.snapshot_id = l.snapshot_id WHERE l.age < 31 "
	"GROUP BY site_id) l "
	"ON "
	"l.site_id = s.id ORDER BY s.id, n.native_id";
enum {
	SITE_STACK,
	SITE_VALUES,
	SITE_PID = SITE_VALUES + VALUES,
	SITE_DOMAIN,
	SITE_NATIVE, /* way to the allocator; NULL: not known */
	SITE_SHARE   /* of the site's values */
};

static enum err_kind write_samples(struct writer *w, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(w->db, sites_sql, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const bool is_native = sqlite3_column_type(row, SITE_NATIVE) != SQLITE_NULL;
		const double share = sqlite3_column_double(row, SITE_SHARE);
		add_stack(w, is_native ? native_id(sqlite3_column_int64(row, SITE_NATIVE), 1)
				       : (uint64_t)sqlite3_column_int64(row, SITE_STACK));
		for (int i = 0; i < VALUES; i++) {
			const double value = share * sqlite3_column_double(row, SITE_VALUES + i);
			varint(&w->innermost,
			       value > 0 && value < 9e18 ? (uint64_t)round(value) : 0);
		}
		field_message(&w->inner, SAMPLE_VALUES, &w->innermost);
		add_label(w, "pid", NULL, sqlite3_column_int64(row, SITE_PID));
		add_label(w, "allocator", text_of(row, SITE_DOMAIN), 0);
		field_message(&w->out, PROFILE_SAMPLE, &w->inner);
	}
	return query_finish(w->db, row, e);
}

/* --- the profile --------------------------------------------------------- */

static enum err_kind write_head(struct writer *w, struct err *e)
{
	static const char *const types[VALUES][2] = {{"alloc_objects", "count"},
						     {"alloc_space", "bytes"},
						     {"inuse_objects", "count"},
						     {"inuse_space", "bytes"}};
	double began, lasted, interval;
	TRY(query_number(w->db, "SELECT value FROM v1_meta WHERE key = 'started_realtime_ns'", 0,
			 &began, e));
	TRY(query_number(
		w->db,
		"SELECT (SELECT value FROM v1_meta WHERE key = 'ended_ns') - (SELECT value "
		"FROM v1_meta WHERE key = 'started_ns')",
		0, &lasted, e));
	TRY(query_number(w->db, "SELECT max(interval_bytes) FROM v1_heap_process", 0, &interval,
			 e));
	for (int i = 0; i < VALUES; i++)
		field_type(w, PROFILE_SAMPLE_TYPE, types[i][0], types[i][1]);
	field_number(&w->out, PROFILE_TIME_NANOS, began > 0 && began < 9e18 ? (uint64_t)began : 0);
	field_number(&w->out, PROFILE_DURATION_NANOS,
		     lasted > 0 && lasted < 9e18 ? (uint64_t)lasted : 0);
	field_type(w, PROFILE_PERIOD_TYPE, "space", "bytes");
	field_number(&w->out, PROFILE_PERIOD,
		     interval > 0 && interval < 9e18 ? (uint64_t)interval : 0);
	field_number(&w->out, PROFILE_DEFAULT_TYPE, string_id(w, "inuse_space"));
	return ERR_OK;
}

/* Last, as all that is written has numbers by then. */
static void write_strings(struct writer *w)
{
	field_bytes(&w->out, PROFILE_STRINGS, "", 0);
	for (uint32_t id = 1; id <= intern_count(w->strings); id++) {
		size_t length = 0;
		const char *text = intern_text(w->strings, id, &length);
		field_bytes(&w->out, PROFILE_STRINGS, text, length);
	}
}

enum err_kind export_pprof(const struct export_source *source, FILE *out, struct err *e)
{
	TRY(export_check_heap(source->db, e));
	TRY(heap_choose_moment(source->db, 0, e));
	TRY(heap_native_to_tables(source->db, e));
	struct writer w = {.db = source->db,
			   .arena = arena_new(),
			   .strings = intern_new(),
			   .functions = intern_new(),
			   .locations = intern_new()};
	str_init(&w.out, PROFILE_BYTES_MAX);
	str_init(&w.inner, 1 << 20);
	str_init(&w.innermost, 1 << 20);
	enum err_kind kind = write_head(&w, e);
	if (kind == ERR_OK)
		kind = read_frames(&w, e);
	if (kind == ERR_OK)
		kind = read_natives(&w, e);
	if (kind == ERR_OK)
		kind = write_samples(&w, e);
	if (kind == ERR_OK) {
		write_strings(&w);
		if (w.out.cut)
			kind = ERR(e, ERR_LIMIT, "the profile has more than 256 MiB");
		else
			gzip_stored_write((const unsigned char *)w.out.text, w.out.length, out);
	}
	str_free(&w.out);
	str_free(&w.inner);
	str_free(&w.innermost);
	vec_free(&w.frames);
	map_free(&w.frame_of);
	intern_free(w.strings);
	intern_free(w.functions);
	intern_free(w.locations);
	arena_free(w.arena);
	return kind;
}
