/* Walks of a heap as an agent leaves them, under way, broken off, or made by somebody hostile. */
#include "calls_world.h"

#include "agent/walk_file.h"
#include "probe/walk_reader.h"
#include "recording/heap.h"

enum { BODY_PAGES = 3 };
#define BODY_BYTES ((1 + BODY_PAGES) * CHANNEL_PAGE)
#define TYPES_AT WALK_PAGE
#define CHAINS_AT (TYPES_AT + 2 * sizeof(struct walk_type))
#define EDGES_AT (CHAINS_AT + sizeof(struct walk_chain))
#define TEXT_AT (EDGES_AT + 3 * sizeof(struct walk_edge))

static const char text[] = "listapp.Pageapp.viewsCACHE";

static struct walk_file *make_walk(struct world *w, uint32_t number)
{
	char suffix[32];
	snprintf(suffix, sizeof suffix, "walk-%u", number);
	struct walk_file *file = calls_make(w, suffix, BODY_BYTES);
	struct walk_type *types = (void *)((char *)file + TYPES_AT);
	struct walk_chain *chain = (void *)((char *)file + CHAINS_AT);
	struct walk_edge *edges = (void *)((char *)file + EDGES_AT);
	*file = (struct walk_file){
		.magic = WALK_MAGIC,
		.abi = WALK_ABI,
		.pid = (uint32_t)getpid(),
		.serial = SERIAL,
		.number = number,
		.state = WALK_DONE,
		.begun_ns = 1000,
		.pause_ns = 2000000,
		.held_ns = 3000000,
		.objects = 12,
		.tracked = 10,
		.bytes = 900,
		.garbage_objects = 3,
		.garbage_bytes = WALK_UNKNOWN,
		.trim_bytes = 5000,
		.types = 2,
		.types_at = TYPES_AT,
		.chains = 1,
		.chains_at = CHAINS_AT,
		.edges = 3,
		.edges_at = EDGES_AT,
		.text_bytes = sizeof text - 1,
		.text_at = TEXT_AT,
	};
	memcpy((char *)file + TEXT_AT, text, sizeof text - 1);
	types[0] = (struct walk_type){.name = {0, 4}, .count = 2, .tracked = 2, .bytes = 100};
	types[1] = (struct walk_type){.name = {4, 8},
				      .count = 10,
				      .tracked = 8,
				      .bytes = 800,
				      .deep_bytes = WALK_UNKNOWN,
				      .garbage_count = 4,
				      .garbage_bytes = 300,
				      .flags = WALK_TYPE_HEAP};
	*chain = (struct walk_chain){.site = 3,
				     .type = 1,
				     .bytes = 80,
				     .length = WALK_UNKNOWN,
				     .deep_bytes = 4000,
				     .shared_bytes = 1500,
				     .edges = 3,
				     .references = 1,
				     .found = 1};
	edges[0] = (struct walk_edge){
		.kind = WALK_MODULE, .label = {12, 9}, .index = WALK_UNKNOWN, .length = 44};
	edges[1] = (struct walk_edge){
		.kind = WALK_VARIABLE, .label = {21, 5}, .index = WALK_UNKNOWN, .length = 44};
	edges[2] = (struct walk_edge){.kind = WALK_INDEX, .holder = 0, .index = 7, .length = 9};
	return file;
}

static struct channel_control *control_of(struct world *w)
{
	char path[256];
	snprintf(path, sizeof path, "%s/control", agent_probe_directory(w->probe));
	const int fd = open(path, O_RDWR);
	void *at = mmap(NULL, CHANNEL_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	assert_true(at != MAP_FAILED);
	return at;
}

static void ask(struct world *w, uint32_t times)
{
	for (uint32_t i = 0; i < times; i++)
		agent_probe_walk(w->probe);
}

static void set(struct world *w)
{
	begin(w, getpid());
	show(&w->file);
	drain(w);
}

static bool is_there(struct world *w, uint32_t number)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%d-%d.walk-%u", agent_probe_directory(w->probe),
		 (int)getpid(), SERIAL, number);
	return access(path, F_OK) == 0;
}

static void test_a_walk_becomes_rows(void **state)
{
	struct world w;
	(void)state;
	set(&w);
	ask(&w, 1);
	struct channel_control *control = control_of(&w);
	control->bytes_made = 10 * BODY_BYTES;
	struct walk_file *file = make_walk(&w, 1);
	drain(&w);
	assert_false(is_there(&w, 1));
	assert_int_equal(control->bytes_made, 9 * BODY_BYTES);
	drain(&w); /* not again */
	stop(&w);
	assert_int_equal(query(&w,
			       "SELECT count(*) FROM v1_walk WHERE state = 'done' AND number = 1 "
			       "AND pause_ns = 2000000 AND objects = 12 AND reason IS NULL AND "
			       "garbage_objects = 3 AND garbage_bytes IS NULL AND trim_bytes = "
			       "5000"),
			 1);
	assert_int_equal(query(&w,
			       "SELECT count(*) FROM v1_walk_type WHERE (type = 'app.Page' AND "
			       "count = 10 AND bytes = 800 AND is_class = 1 AND garbage_count = 4 "
			       "AND garbage_bytes = 300) OR (type = 'list' "
			       "AND count = 2 AND is_class = 0 AND garbage_count = 0)"),
			 2);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk_holder WHERE expression = "
				   "'app.views.CACHE[7]' AND root = 'module' AND label = "
				   "'app.views' AND deep_bytes = 4000 AND shared_bytes = 1500 AND "
				   "in_type = 'list' AND "
				   "in_length = 9 AND site_id IS NULL "
				   "AND length IS NULL AND cache_entries IS NULL"),
			 1);
	munmap(file, BODY_BYTES);
	munmap(control, CHANNEL_PAGE);
	finish(&w);
}

static void test_one_under_way_is_waited_for(void **state)
{
	struct world w;
	(void)state;
	set(&w);
	ask(&w, 2); /* the first was skipped */
	struct walk_file *file = make_walk(&w, 2);
	file->state = WALK_BEGUN;
	drain(&w);
	assert_true(is_there(&w, 2));
	file->state = WALK_DONE;
	drain(&w);
	assert_false(is_there(&w, 2));
	stop(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk WHERE number = 2"), 1);
	munmap(file, BODY_BYTES);
	finish(&w);
}

static void test_one_that_never_ends_has_failed(void **state)
{
	struct world w;
	(void)state;
	set(&w);
	ask(&w, 1);
	struct walk_file *file = make_walk(&w, 1);
	file->state = WALK_BEGUN;
	drain(&w);
	stop(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk WHERE state = 'failed' AND reason "
				   "LIKE 'the process ended%'"),
			 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk_type"), 0);
	munmap(file, BODY_BYTES);
	finish(&w);
}

/* Whether the child ended in trying besides is its own business. */
static void test_what_is_written_counts(void **state)
{
	struct world w;
	(void)state;
	set(&w);
	ask(&w, 1);
	struct walk_file *file = make_walk(&w, 1);
	file->state = WALK_WRITTEN;
	drain(&w);
	assert_true(is_there(&w, 1));
	stop(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk WHERE state = 'done'"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk_type"), 2);
	munmap(file, BODY_BYTES);
	finish(&w);
}

static void test_a_failure_has_its_reason(void **state)
{
	struct world w;
	(void)state;
	set(&w);
	ask(&w, 1);
	struct walk_file *file = make_walk(&w, 1);
	memset(file->reason, 'x', sizeof file->reason); /* no end */
	file->state = WALK_FAILED;
	drain(&w);
	stop(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk WHERE state = 'failed' AND "
				   "reason LIKE printf('%%%s;%%', printf('%.*c', 255, 'x'))"),
			 1);
	munmap(file, BODY_BYTES);
	finish(&w);
}

/* It lives, so its heap is read from outside: this program is no Python, which is said, too. */
static void test_what_is_refused_is_read_from_outside(void **state)
{
	struct world w;
	(void)state;
	set(&w);
	ask(&w, 1);
	struct walk_file *file = make_walk(&w, 1);
	strcpy(file->reason, "no room to fork");
	file->state = WALK_FAILED;
	file->room_bytes = 7000;
	drain(&w);
	assert_false(is_there(&w, 1));
	stop(&w); /* waits for it */
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk WHERE state = 'failed' AND how = "
				   "'outside' AND number = 1 AND room_bytes = 7000 AND reason LIKE "
				   "'no room to fork; from outside: process % runs %no Python%'"),
			 1);
	munmap(file, BODY_BYTES);
	finish(&w);
}

/* Each breaks one rule of the header: the file is left alone, or a row of it. */
static void test_hostile_files(void **state)
{
	(void)state;
	for (int way = 0; way < 8; way++) {
		struct world w;
		set(&w);
		ask(&w, 1);
		struct walk_file *file = make_walk(&w, 1);
		struct walk_chain *chain = (void *)((char *)file + CHAINS_AT);
		struct walk_type *types = (void *)((char *)file + TYPES_AT);
		switch (way) {
		case 0:
			file->types = UINT32_MAX;
			break;
		case 1:
			file->edges_at = UINT64_MAX - 7;
			break;
		case 2:
			file->text_bytes = UINT32_MAX;
			break;
		case 3:
			file->chains = WALK_TARGETS + 1;
			break;
		case 4:
			file->serial = SERIAL + 1;
			break;
		case 5:
			file->types_at = TYPES_AT + 4;
			break;
		case 6:
			chain->first_edge = 2;
			chain->edges = UINT32_MAX;
			break;
		default:
			types[1].name = (struct walk_text){20, UINT32_MAX};
			chain->type = 99;
			break;
		}
		drain(&w);
		stop(&w);
		assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk"), way >= 6);
		assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk_holder"), way == 7);
		assert_int_equal(
			query(&w, "SELECT count(*) FROM v1_walk_holder WHERE type IS NULL"),
			way == 7);
		munmap(file, BODY_BYTES);
		finish(&w);
	}
}

/* A site of the process is a row; one that it makes up is none. */
static void test_sites_come_back(void **state)
{
	(void)state;
	for (int made_up = 0; made_up < 2; made_up++) {
		struct world w;
		set(&w);
		ask(&w, 1);
		for (uint32_t i = 1; i <= 3; i++)
			ingest_heap_site(w.ingest, SERIAL,
					 &(struct heap_site_sums){.index = i,
								  .domain = HEAP_OBJECT,
								  .made_bytes = 1000 * i,
								  .samples = 1});
		struct walk_file *file = make_walk(&w, 1);
		if (made_up) {
			struct walk_chain *chain = (void *)((char *)file + CHAINS_AT);
			chain->site = 4;
			chain->flags = WALK_MAYBE_RECYCLED;
		}
		drain(&w);
		stop(&w);
		assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk_holder"), 1);
		assert_int_equal(query(&w,
				       "SELECT count(*) FROM v1_walk_holder h JOIN "
				       "v1_heap_site s ON s.id = h.site_id WHERE s.made_bytes = "
				       "3000"),
				 !made_up);
		assert_int_equal(
			query(&w, "SELECT count(*) FROM v1_walk_holder WHERE site_id IS NULL AND "
				  "maybe_recycled"),
			made_up);
		munmap(file, BODY_BYTES);
		finish(&w);
	}
}

static bool read_ask(struct world *w, uint32_t number, struct walk_ask *found)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%d-%d.ask-%u", agent_probe_directory(w->probe),
		 (int)getpid(), SERIAL, number);
	const int fd = open(path, O_RDONLY | O_NOFOLLOW);
	const bool whole = fd >= 0 && read(fd, found, sizeof *found) == (ssize_t)sizeof *found;
	if (fd >= 0)
		close(fd);
	return whole;
}

static void test_whom_to_look_for_is_written(void **state)
{
	struct world w;
	struct walk_ask found = {0};
	char path[256];
	const struct walk_target targets[] = {{.address = 0x1230, .site = 3},
					      {.address = 0x4560, .site = 9}};
	(void)state;
	set(&w);
	const int directory = open(agent_probe_directory(w.probe), O_RDONLY | O_DIRECTORY);
	struct walk_reader *reader =
		walk_reader_new(directory, (uint32_t)getpid(), SERIAL, BODY_BYTES, w.ingest);
	walk_reader_ask(reader, 1, targets, 2);
	assert_true(read_ask(&w, 1, &found));
	assert_true(found.magic == WALK_ASK_MAGIC && found.abi == WALK_ABI);
	assert_int_equal(found.count, 2);
	assert_memory_equal(found.targets, targets, sizeof targets);
	walk_reader_ask(reader, 2, targets, 0);
	assert_false(read_ask(&w, 2, &found));
	/* a name that somebody else put there leads nowhere */
	snprintf(path, sizeof path, "%s/%d-%d.ask-3", agent_probe_directory(w.probe), (int)getpid(),
		 SERIAL);
	assert_int_equal(symlink("elsewhere", path), 0);
	walk_reader_ask(reader, 3, targets, 2);
	assert_int_equal(faccessat(directory, "elsewhere", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	assert_int_equal(unlink(path), 0);
	/* what the process never came to goes */
	walk_reader_ask(reader, 5, targets, 1);
	assert_false(read_ask(&w, 1, &found));
	walk_reader_drain(reader, 5, true);
	assert_false(read_ask(&w, 5, &found));
	walk_reader_free(reader);
	close(directory);
	stop(&w);
	finish(&w);
}

static void read_within(struct world *w, uint64_t bytes_max)
{
	const int directory = open(agent_probe_directory(w->probe), O_RDONLY | O_DIRECTORY);
	struct walk_reader *reader =
		walk_reader_new(directory, (uint32_t)getpid(), SERIAL, bytes_max, w->ingest);
	walk_reader_drain(reader, 1, true);
	walk_reader_free(reader);
	close(directory);
}

static void test_a_file_larger_than_the_channel_is_left_alone(void **state)
{
	(void)state;
	for (int fits = 0; fits < 2; fits++) {
		struct world w;
		set(&w);
		struct walk_file *file = make_walk(&w, 1);
		read_within(&w, fits ? BODY_BYTES : BODY_BYTES - 1);
		stop(&w);
		assert_int_equal(query(&w, "SELECT count(*) FROM v1_walk"), fits);
		munmap(file, BODY_BYTES);
		finish(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_walk_becomes_rows),
		cmocka_unit_test(test_one_under_way_is_waited_for),
		cmocka_unit_test(test_one_that_never_ends_has_failed),
		cmocka_unit_test(test_what_is_written_counts),
		cmocka_unit_test(test_a_failure_has_its_reason),
		cmocka_unit_test(test_what_is_refused_is_read_from_outside),
		cmocka_unit_test(test_hostile_files),
		cmocka_unit_test(test_sites_come_back),
		cmocka_unit_test(test_whom_to_look_for_is_written),
		cmocka_unit_test(test_a_file_larger_than_the_channel_is_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
