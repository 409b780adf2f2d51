#include "cmd/load_beside.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "cmd/load_options.h"
#include "load/request_log.h"
#include "recording/client_requests.h"
#include "target/find.h"
#include "target/proc.h"

#define WAIT_FOR_APP "--wait=60s"
#define PATIENCE_NS (3 * NS_PER_S) /* from SIGTERM to SIGKILL */

#define LOOK_EVERY_NS NS_PER_S
#define ELSEWHERE_NS (3 * NS_PER_S) /* of two ports an app opens one after the other */
enum {
	TREE_MAX = 256,
	PORTS_MAX = 8,
	LINE_BYTES = 256,
	NO_SERVER_STATUS = 3,
	RESULT_BYTES_MAX = 4 << 20
};

static void add_word(struct load_beside *load, const char *word)
{
	*vec_push(&load->words.list) = arena_copy(load->arena, word, strlen(word) + 1);
}

/* Parsing reorders the words, so the check has a copy of the vector. */
static bool is_meant(struct load_beside *load)
{
	const size_t count = load->words.list.count; /* NULL at the end included */
	char **copy = arena_alloc(load->arena, count * sizeof *copy);
	memcpy(copy, load->words.list.items, count * sizeof *copy);
	return load_check((int)count - 2, copy + 1, &load->port, &load->closed);
}

bool load_beside_prepare(struct load_beside *load, const char *words)
{
	struct err e = {0};
	char log[64], result[64];
	*load = (struct load_beside){.arena = arena_new()};
	load->log_fd = memfd_create("unslow-load", MFD_CLOEXEC);
	load->result_fd = memfd_create("unslow-load-result", MFD_CLOEXEC);
	if (load->log_fd < 0 || load->result_fd < 0) {
		log_error("--load: no file in memory can be made: %s", strerror(errno));
		return false;
	}
	snprintf(log, sizeof log, "--log=/proc/self/fd/%d", load->log_fd);
	snprintf(result, sizeof result, "--beside=/proc/self/fd/%d", load->result_fd);
	const char *const ours[] = {"/proc/self/exe", "load", "--trace", WAIT_FOR_APP, log, result};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		add_word(load, ours[i]);
	/* a later option beats an earlier one: --wait may be the user's */
	if (words_split(&load->words, words, words + strlen(words), load->arena, &e) != ERR_OK) {
		log_error("--load: %s", e.text);
		return false;
	}
	*vec_push(&load->words.list) = NULL;
	return is_meant(load);
}

enum err_kind load_beside_start(struct load_beside *load, struct child *child, struct err *e)
{
	const int fds[] = {load->log_fd, load->result_fd, -1};
	return child_start_companion(child, load->words.list.items, fds, e);
}

/* Ports that the app's processes listen on, in words; "" if there are none. */
static void app_ports(const struct child *child, struct str *text)
{
	int tree[TREE_MAX];
	uint16_t ports[TREE_MAX * PORTS_MAX];
	int count = 0;
	const int processes = proc_tree(child->pid, tree, TREE_MAX);
	for (int i = 0; i < processes; i++)
		count += find_ports(tree[i], ports + count, PORTS_MAX);
	for (int i = 0, said = 0; i < count && said < PORTS_MAX; i++) {
		bool is_new = true;
		for (int k = 0; k < i; k++)
			is_new &= ports[k] != ports[i];
		if (is_new)
			str_printf(text, "%s%u", said++ ? ", " : "", ports[i]);
	}
}

void load_beside_look(struct load_beside *load, const struct child *child, uint64_t now_ns)
{
	struct str ports;
	const bool has_failed =
		child->companion_ended && child->companion_status == NO_SERVER_STATUS;
	if (!load->port || (now_ns - load->looked_ns < LOOK_EVERY_NS && !has_failed))
		return;
	load->looked_ns = now_ns;
	if (child->ended || (child->companion_ended && !has_failed) ||
	    find_is_listening(load->port)) {
		load->port = 0;
		return;
	}
	str_init(&ports, LINE_BYTES);
	app_ports(child, &ports);
	if (ports.length && !load->elsewhere_ns)
		load->elsewhere_ns = now_ns;
	if (ports.length && (has_failed || now_ns - load->elsewhere_ns >= ELSEWHERE_NS))
		log_warn("nobody listens on port %u, where --load goes; the app listens on %s",
			 load->port, ports.text);
	else if (has_failed)
		log_warn("the app listens on no TCP port: has it started? a Unix socket is "
			 "--load 'unix:/run/app.sock:/path'");
	if (has_failed || (ports.length && now_ns - load->elsewhere_ns >= ELSEWHERE_NS))
		load->port = 0;
	str_free(&ports);
}

bool load_beside_over(struct load_beside *load, struct child *child, uint64_t now_ns)
{
	if (child->companion == 0 || child->companion_ended)
		return true;
	if (!load->stop_sent_ns) {
		load->stop_sent_ns = now_ns;
		kill(child->companion, SIGTERM);
	} else if (now_ns - load->stop_sent_ns > PATIENCE_NS) {
		kill(child->companion, SIGKILL);
	}
	return false;
}

static void take(void *recording, const struct request_seen *seen)
{
	client_request_write(recording, &(struct client_request){
						.trace_high = seen->trace_high,
						.trace_low = seen->trace_low,
						.intended_ns = seen->due_ns,
						.sent_ns = seen->sent_ns,
						.done_ns = seen->done_ns,
						.status = seen->status,
						.error = *seen->error ? seen->error : NULL,
					});
}

/* The whole result, so that rules can ask what the client thinks of its own figures. */
static void record_result(const struct load_beside *load, struct recording *recording)
{
	const off_t size = load->result_fd < 0 ? 0 : lseek(load->result_fd, 0, SEEK_END);
	if (size <= 0 || size > RESULT_BYTES_MAX)
		return;
	char *text = arena_alloc(load->arena, (size_t)size + 1);
	if (pread(load->result_fd, text, (size_t)size, 0) == size)
		recording_set_meta_text(recording, "load_result", text);
}

enum err_kind load_beside_record(struct load_beside *load, struct recording *recording,
				 struct err *e)
{
	const int fd = load->log_fd;
	if (fd < 0)
		return ERR_OK;
	if (lseek(fd, 0, SEEK_END) <= 0) {
		log_info("the load left no result: its requests are not joined");
		return ERR_OK;
	}
	if (lseek(fd, 0, SEEK_SET) < 0)
		return ERR(e, ERR_SYSTEM, "cannot read the load's log");
	FILE *log = fdopen(fd, "r");
	if (!log)
		return ERR(e, ERR_SYSTEM, "cannot read the load's log");
	load->log_fd = -1;
	record_result(load, recording);
	recording_set_meta_int(recording, "load_closed", load->closed);
	const enum err_kind kind = request_log_read(log, take, recording, e);
	fclose(log);
	return kind;
}

void load_beside_free(struct load_beside *load)
{
	if (load->log_fd >= 0)
		close(load->log_fd);
	if (load->result_fd >= 0)
		close(load->result_fd);
	vec_free(&load->words.list);
	arena_free(load->arena);
	*load = (struct load_beside){.log_fd = -1, .result_fd = -1};
}
