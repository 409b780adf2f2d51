#include "channel_world.h"

void make_file(struct world *w, pid_t pid)
{
	struct file *f = &w->file;
	snprintf(f->path, sizeof f->path, "%s/%d-%d.0", agent_probe_directory(w->probe), (int)pid,
		 SERIAL);
	const int fd = open(f->path, O_CREAT | O_EXCL | O_RDWR, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, FILE_BYTES), 0);
	f->bytes = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(f->bytes != MAP_FAILED);
	close(fd);
	f->dict_tail = 0;
	f->header = (struct channel_header *)(void *)f->bytes;
	f->run = (struct channel_rings *)(void *)(f->bytes + RINGS_AT);
	f->rings = (struct channel_ring *)(void *)(f->run + 1);
	f->records = (struct channel_record *)(void *)(f->rings + RINGS);
	*f->run = (struct channel_rings){
		.magic = CHANNEL_RING_MAGIC, .ring_count = RINGS, .capacity = CAPACITY};
	f->header->abi = CHANNEL_ABI;
	f->header->serial = SERIAL;
	f->header->pid = (uint32_t)pid;
	f->header->made_ns = clock_now_ns();
	f->header->file_size = FILE_BYTES;
	f->header->rings_offset = RINGS_AT;
	f->header->dict_offset = DICT_AT;
	f->header->dict_size = DICT_BYTES;
	f->header->python_hex = 0x030b07f0;
	f->header->state = AGENT_ON;
	f->header->ring_files = 1;
	f->rings[0].tid = 100;
	f->rings[1].tid = 101;
}

void show(struct file *f)
{
	f->header->magic = CHANNEL_MAGIC;
}

void begin(struct world *w, pid_t pid)
{
	struct err e = {0};
	strcpy(w->path, "/tmp/unslow-test-XXXXXX");
	close(mkstemp(w->path));
	unlink(w->path);
	assert_int_equal(recording_create(&w->recording, w->path, RECORDING_DEFAULT_MAX_BYTES, &e),
			 ERR_OK);
	w->ingest = ingest_new(w->recording);
	if (agent_probe_start(&w->probe, w->ingest, &e) != ERR_OK)
		fail_msg("%s", e.text);
	make_file(w, pid);
}

void drain(struct world *w)
{
	struct err e;
	assert_int_equal(agent_probe_drain(w->probe, &e), ERR_OK);
}

void stop(struct world *w)
{
	struct err e;
	assert_int_equal(agent_probe_stop(w->probe, &e), ERR_OK);
	assert_int_equal(ingest_finish(w->ingest, clock_now_ns(), &e), ERR_OK);
}

void finish(struct world *w)
{
	struct err e;
	munmap(w->file.bytes, FILE_BYTES);
	agent_probe_free(w->probe);
	ingest_free(w->ingest);
	assert_int_equal(recording_close(w->recording, &e), ERR_OK);
	unlink(w->path);
}

int64_t query(struct world *w, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t value = INT64_MIN;
	sqlite3 *db = recording_db(w->recording);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

bool put(struct file *f, uint32_t ring, uint16_t kind, uint64_t dur_ns, uint32_t subject)
{
	struct channel_ring *r = &f->rings[ring];
	if (r->head - r->tail >= CAPACITY) {
		r->dropped++;
		return false;
	}
	f->records[ring * CAPACITY + r->head % CAPACITY] = (struct channel_record){
		.t_start_ns = f->header->made_ns,
		.dur_ns = dur_ns,
		.unit = UNIT,
		.kind = kind,
		.subject = subject,
		.object = kind == RECORD_UNIT_BEGIN ? f->rings[ring].tid : 0,
		.source = 1,
	};
	r->head++;
	return true;
}

struct dict_entry *put_dict(struct file *f, uint32_t kind, const void *payload, size_t size)
{
	struct dict_entry *entry = (void *)(f->bytes + DICT_AT + f->dict_tail);
	const size_t whole = (sizeof *entry + size + 7) & ~(size_t)7;
	memcpy(entry + 1, payload, size);
	entry->size = (uint32_t)whole;
	entry->ready = kind;
	f->dict_tail += whole;
	f->header->dict_tail = f->dict_tail;
	return entry;
}

struct dict_entry *put_text(struct file *f, uint32_t kind, uint32_t id, const char *value)
{
	union {
		struct dict_text head;
		char room[sizeof(struct dict_text) + 64];
	} text = {.head = {.id = id, .length = (uint32_t)strlen(value)}};
	memcpy(text.head.bytes, value, strlen(value));
	return put_dict(f, kind, &text, sizeof text.head + strlen(value));
}
