#include "heap_world.h"

void put_stack(struct file *f, uint32_t id, uint32_t code)
{
	union {
		struct dict_stack head;
		char room[sizeof(struct dict_stack) + sizeof(struct dict_frame)];
	} stack = {.head = {.id = id, .frame_count = 1}};
	stack.head.frames[0] = (struct dict_frame){.code = code};
	put_dict(f, DICT_STACK, &stack, sizeof stack);
}

void put_live(struct scene *s, uint32_t at, uint32_t site, uint32_t size, uint32_t born)
{
	s->lives[at] = (struct heap_live){
		.address = 0x1000 + 16 * at,
		.size = size,
		.weight_bytes = size < 1000 ? 1000 : size,
		.weight_blocks_1k = size < 1000 ? 1000 * 1000 / size : 1000,
		.site = site,
		.route = 7,
		.born_unit = born,
		.born_ns = clock_now_ns(),
	};
}

void set(struct scene *s)
{
	begin(&s->w, getpid());
	calls_put_code(&s->w.file, 1, "foo");
	calls_put_code(&s->w.file, 2, "bar");
	put_text(&s->w.file, DICT_TEXT, 7, "/report");
	put_stack(&s->w.file, 1, 1);
	put_stack(&s->w.file, 2, 2);
	show(&s->w.file);
	drain(&s->w);
	s->file = calls_make(&s->w, "heap", HEAP_BYTES);
	s->sites = (void *)((char *)s->file + SITES_AT);
	s->lives = (void *)((char *)s->file + LIVE_AT);
	*s->file = (struct heap_file){
		.abi = HEAP_ABI,
		.pid = (uint32_t)getpid(),
		.serial = SERIAL,
		.generation = 1,
		.hooks = HEAP_HOOK_MALLOC | HEAP_HOOK_OBJECT,
		.interval_bytes = 1000,
		.site_capacity = SITES,
		.live_capacity = LIVES,
		.sites_at = SITES_AT,
		.live_at = LIVE_AT,
		.site_count = 3,
		.live_count = 3,
		.began_ns = clock_now_ns() - NS_PER_S,
		.samples = 10,
		.hook_ns = 3000,
		.hook_timed = 2,
		.second_head = 1,
	};
	s->file->seconds[0] = (struct heap_second){.at_ns = s->file->began_ns,
						   .rss_bytes = 50 << 20,
						   .live_bytes = 7000,
						   .pss_bytes = UINT64_MAX};
	s->sites[1] = (struct heap_site){.stack = 1,
					 .domain = HEAP_OBJECT,
					 .made_bytes = 9000,
					 .made_blocks_1k = 90000,
					 .live_bytes = 2000,
					 .live_blocks_1k = 20000,
					 .short_bytes = 6000,
					 .samples = 9,
					 .peak_bytes = 3000};
	s->sites[2] = (struct heap_site){.stack = 2,
					 .domain = HEAP_MALLOC,
					 .made_bytes = 5000,
					 .made_blocks_1k = 1000,
					 .live_bytes = 5000,
					 .live_blocks_1k = 1000,
					 .samples = 1,
					 .peak_bytes = 5000};
	put_live(s, 3, 1, 100, 0);
	put_live(s, 17, 1, 100, 95);
	put_live(s, 31, 2, 5000, 100);
	s->file->magic = HEAP_MAGIC;
}

struct heap_reader *read_heap_within(struct scene *s, uint64_t units, uint64_t bytes_max)
{
	const int directory = open(agent_probe_directory(s->w.probe), O_RDONLY | O_DIRECTORY);
	struct heap_reader *reader =
		heap_reader_new(directory, (uint32_t)getpid(), SERIAL, bytes_max, s->w.ingest);
	heap_reader_drain(reader, HEAP_SAMPLED, units, true);
	close(directory); /* nothing is removed here */
	return reader;
}

void read_heap(struct scene *s, uint64_t units)
{
	struct heap_reader *reader = read_heap_within(s, units, ROOM);
	assert_string_equal(heap_reader_broken(reader), "");
	heap_reader_close(reader, false);
}

void end(struct scene *s)
{
	stop(&s->w);
	munmap(s->file, HEAP_BYTES);
	finish(&s->w);
}

void assert_count(struct scene *s, const char *what, int64_t wanted)
{
	char sql[500];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
	if (query(&s->w, sql) != wanted)
		fail_msg("%s: %lld rows", what, (long long)query(&s->w, sql));
}
