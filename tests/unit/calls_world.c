#include "calls_world.h"

enum { TICKS_OF_NS = 3 };

void *calls_make(struct world *w, const char *suffix, size_t bytes)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%d-%d.%s", agent_probe_directory(w->probe), (int)getpid(),
		 SERIAL, suffix);
	const int fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);
	assert_true(fd >= 0);
	bytes = (bytes + CHANNEL_PAGE - 1) / CHANNEL_PAGE * CHANNEL_PAGE;
	assert_int_equal(posix_fallocate(fd, 0, (off_t)bytes), 0);
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(at != MAP_FAILED);
	close(fd);
	return at;
}

struct calls_process *calls_make_process(struct world *w)
{
	struct calls_process *p = calls_make(w, "calls", sizeof *p);
	p->abi = CALLS_ABI;
	p->pid = (uint32_t)getpid();
	p->serial = SERIAL;
	p->engine = CALLS_ENGINE_MONITORING;
	p->clock = CALLS_CLOCK_TSC;
	p->cpu_clock = CALLS_CPU_RSEQ;
	p->began_ns = w->file.header->made_ns;
	p->pairs[0].ns = p->began_ns;
	p->pairs[1].ns = p->began_ns + 100000000;
	p->pairs[1].ticks = TICKS_OF_NS * UINT64_C(100000000);
	p->cost_inside_16 = 10 * 16;
	p->cost_outside_16 = 4 * 16;
	p->magic = CALLS_PROCESS_MAGIC;
	return p;
}

struct calls_area *calls_make_area(struct world *w, uint32_t number, uint32_t tid)
{
	char suffix[32];
	snprintf(suffix, sizeof suffix, "calls-%u", number);
	struct calls_area *area = calls_make(w, suffix, AREA_BYTES);
	area->number = number;
	area->tid = tid;
	area->node_count = 1;
	area->node_capacity = AREA_NODES;
	area->nodes_offset = sizeof *area;
	area->ended = 1;
	area->magic = CALLS_AREA_MAGIC;
	return area;
}

struct calls_histogram *calls_make_lengths(struct world *w, struct calls_area *area)
{
	char suffix[32];
	snprintf(suffix, sizeof suffix, "lengths-%u", area->number);
	area->histogram_count = 1;
	return calls_make(w, suffix, sizeof(struct calls_histogram));
}

struct calls_node *calls_nodes(struct calls_area *area)
{
	return (struct calls_node *)(void *)((char *)area + area->nodes_offset);
}

uint32_t calls_put_node(struct calls_area *area, uint32_t kind, uint32_t code, uint32_t parent,
			uint64_t calls, uint64_t own_ns, uint64_t total_ns)
{
	const uint32_t index = area->node_count;
	struct calls_node *n = &calls_nodes(area)[index];
	n->kind = (uint16_t)kind;
	n->code = code;
	n->parent = parent;
	n->calls = calls;
	n->own_wall = n->own_cpu = own_ns * TICKS_OF_NS;
	n->total_wall = n->total_cpu = total_ns * TICKS_OF_NS;
	area->node_count++;
	return index;
}

void calls_put_code(struct file *f, uint32_t id, const char *qualname)
{
	union {
		struct dict_code head;
		char room[sizeof(struct dict_code) + 64];
	} code = {.head = {.id = id,
			   .first_line = (int32_t)id,
			   .filename_length = 6,
			   .qualname_length = (uint32_t)strlen(qualname),
			   .line_table_format = 1}};
	memcpy(code.head.bytes, "app.py", 6);
	memcpy(code.head.bytes + 6, qualname, strlen(qualname));
	put_dict(f, DICT_CODE, &code, sizeof code.head + 6 + strlen(qualname));
}

struct calls_reader *calls_read_within(struct world *w, enum calls_moment moment,
				       uint64_t bytes_max, uint64_t until_ns)
{
	static const struct calls_control control = {
		.generation = 1, .want = CALLS_PYTHON, .pattern = "app"};
	const int directory = open(agent_probe_directory(w->probe), O_RDONLY | O_DIRECTORY);
	struct calls_reader *reader =
		calls_reader_new(directory, (uint32_t)getpid(), SERIAL, bytes_max, w->ingest);
	calls_reader_drain(reader, &control, moment, until_ns);
	close(directory); /* of files that are open already nothing more is needed */
	return reader;
}

struct calls_reader *calls_read(struct world *w, enum calls_moment moment)
{
	return calls_read_within(w, moment, BYTES_MAX, UINT64_MAX);
}
