/* Calls into libsqlite3: connections, statements, and what runs inside them.
 *
 * One record for each call that took long; the short steps of one execution
 * are summed in one record at its end. An execution lasts from the first step
 * to SQLITE_DONE, reset or finalize (sqlite.org/c3ref/step.html); it becomes
 * one RECORD_STATEMENT. CPython's _sqlite drives it this way in all versions:
 * prepare_v2, step until SQLITE_DONE, reset, and finalize when the statement
 * cache drops it (Modules/_sqlite/{statement,cursor}.c, 3.8–3.13).
 *
 * Calls that libsqlite3 makes of itself (a fresh connection reads its schema
 * inside the first prepare) come through its own slots: nested, no statements.
 *
 * The tables below are emptied of an object even while the agent sleeps, so
 * that an address used again never shows the old object's facts.
 */
#include <string.h>

#include "agent/agent.h"
#include "agent/core.h"
#include "agent/handles.h"
#include "agent/path_text.h"
#include "agent/ptr_table.h"
#include "agent/slots.h"
#include "agent/sqlite_bind.h"
#include "agent/sqlite_scan.h"
#include "agent/statement.h"

/* sqlite.org/rescode.html */
#define SQLITE_OK 0
#define SQLITE_ROW 100
#define SQLITE_DONE 101

struct connection {
	_Atomic(void *) key; /* sqlite3 * */
	uint64_t opener_unit;
	uint32_t handle;
	_Atomic uint32_t statements;
};

struct prepared {
	_Atomic(void *) key; /* sqlite3_stmt * */
	void *connection;
	struct statement statement;
	uint64_t prepare_start_ns; /* until its first execution … */
	uint64_t prepare_ns;
	struct sqlite_bound bound;
	/* the execution under way */
	uint64_t start_ns; /* 0: none */
	const void *step;  /* the library's sqlite3_step */
	int64_t scanned_before;
	uint64_t step_ns;
	uint64_t unit;
	uint64_t short_start_ns; /* steps that have no record of their own yet */
	uint64_t short_ns;
	uint32_t rows;
	uint32_t nth;
	uint32_t handle;
	uint32_t stack;
	bool failed;
	bool stepping; /* inside sqlite3_step */
};

static struct connection connections[1024];
static struct prepared prepareds[8192];
static const struct ptr_table connection_table = PTR_TABLE(connections);
static const struct ptr_table prepared_table = PTR_TABLE(prepareds);

void sqlite_after_fork(void)
{
	/* SQLite forbids carrying a connection across fork (howtocorrupt.html 2.6). */
	ptr_table_clear(&connection_table);
	ptr_table_clear(&prepared_table);
}

static bool is_awake(void)
{
	return LIKELY(atomic_load_explicit(&agent_awake, memory_order_relaxed));
}

struct sqlite_bound *sqlite_bound_of(void *stmt)
{
	struct prepared *p = ptr_table_find(&prepared_table, stmt);
	return p ? &p->bound : NULL;
}

/* --- connections --------------------------------------------------------------- */

/* A database's name for people: no URI scheme, no query (it may hold a key). */
static uint32_t database_handle(const char *name)
{
	size_t length;
	if (strncmp(name, "file:", 5) == 0) {
		name += 5;
		length = strcspn(name, "?#");
		if (length > 2 && strncmp(name, "//", 2) == 0) { /* file://authority/path */
			const char *path = memchr(name + 2, '/', length - 2);
			if (path) {
				length -= (size_t)(path - name);
				name = path;
			}
		}
	} else {
		length = strlen(name);
	}
	if (length == 0) {
		name = "(temporary)";
		length = strlen(name);
	}
	return handle_new_id(HANDLE_SQLITE, PEER_SQLITE,
			     path_text_id(PATH_OF_DATABASE, name, length));
}

static struct connection *connection_known(void *db)
{
	struct connection *known = ptr_table_find(&connection_table, db);
	if (LIKELY(known != NULL))
		return known;
	/* Opened while the agent slept, or before a fork. */
	known = ptr_table_claim(&connection_table, db);
	if (known)
		known->handle = handle_new_id(HANDLE_SQLITE, PEER_SQLITE, 0);
	else
		agent_count_loss(LOSS_HANDLES);
	return known;
}

static void end_open(struct call *c, const char *name, void **db, int result)
{
	call_stop(c);
	struct call_facts facts = {.always = true};
	if (result != SQLITE_OK)
		facts.flags |= RECORD_FAILED;
	/* A failed open makes an object, too, which must be closed. */
	struct connection *made = db && *db ? ptr_table_claim(&connection_table, *db) : NULL;
	if (made) {
		made->handle = database_handle(name ? name : "");
		made->opener_unit = c->unit;
		facts.subject = made->handle;
		facts.flags |= RECORD_OPENS;
	} else if (db && *db) {
		agent_count_loss(LOSS_HANDLES);
	}
	call_end(c, facts);
}

typedef int open_function(const char *name, void **db);
static void *open_originals[SLOT_INSTANCES];
static int open_hook(open_function *original, const char *name, void **db)
{
	struct call c;
	if (!call_begin(&c, RECORD_SQLITE_OPEN))
		return original(name, db);
	int result = original(name, db);
	end_open(&c, name, db, result);
	return result;
}

typedef int open_v2_function(const char *name, void **db, int flags, const char *vfs);
static void *open_v2_originals[SLOT_INSTANCES];
static int open_v2_hook(open_v2_function *original, const char *name, void **db, int flags,
			const char *vfs)
{
	struct call c;
	if (!call_begin(&c, RECORD_SQLITE_OPEN))
		return original(name, db, flags, vfs);
	int result = original(name, db, flags, vfs);
	end_open(&c, name, db, result);
	return result;
}

typedef int open16_function(const void *name, void **db);
static void *open16_originals[SLOT_INSTANCES];
static int open16_hook(open16_function *original, const void *name, void **db)
{
	struct call c;
	if (!call_begin(&c, RECORD_SQLITE_OPEN))
		return original(name, db);
	int result = original(name, db);
	/* Only ASCII of the UTF-16 is shown; nothing in Python calls this. */
	char text[512];
	const uint16_t *wide = name;
	size_t n = 0;
	for (; wide && wide[n] && n + 1 < sizeof text; n++)
		text[n] = wide[n] < 0x80 ? (char)wide[n] : '_';
	text[n] = '\0';
	end_open(&c, text, db, result);
	return result;
}

typedef int close_function(void *db);
static int close_hook(close_function *original, void *db)
{
	struct connection *known = ptr_table_find(&connection_table, db);
	struct connection was = {.handle = 0};
	if (known) {
		was.handle = known->handle;
		was.opener_unit = known->opener_unit;
		was.statements = atomic_load_explicit(&known->statements, memory_order_relaxed);
		/* Before the call: after it the address may be another thread's. */
		ptr_table_release(known);
	}
	struct call c;
	bool recorded = call_begin(&c, RECORD_SQLITE_CLOSE);
	int result = original(db);
	if (result != SQLITE_OK && known && (known = ptr_table_claim(&connection_table, db))) {
		known->handle = was.handle; /* SQLITE_BUSY: still open */
		known->opener_unit = was.opener_unit;
		known->statements = was.statements;
	}
	if (recorded)
		call_end(&c, (struct call_facts){
				     .subject = was.handle,
				     .aux = was.opener_unit,
				     .flags = result != SQLITE_OK ? RECORD_FAILED
					      : was.handle        ? RECORD_CLOSES
								  : 0,
				     .always = true,
			     });
	return result;
}
static void *close_originals[SLOT_INSTANCES];
static void *close_v2_originals[SLOT_INSTANCES];

/* --- executions ------------------------------------------------------------------ */

static void write_short_steps(struct prepared *p)
{
	if (!p->short_ns)
		return;
	struct agent_thread *thread = agent_thread_peek();
	struct channel_header *channel = core_channel_now();
	struct channel_record record = {
		.t_start_ns = p->short_start_ns,
		.dur_ns = p->short_ns,
		.unit = p->unit,
		.stack = p->stack,
		.subject = p->handle,
		.object = p->statement.text,
		.cpu_ns = record_saturate(p->short_ns), /* each was short: they count as CPU */
		.kind = RECORD_SQLITE_STEP,
		.flags = RECORD_CPU_KNOWN,
	};
	if (thread && thread->loop_depth && channel) {
		uint32_t open = atomic_load_explicit(&channel->units_open, memory_order_relaxed);
		record.flags |= RECORD_ON_LOOP;
		record.count = open > (p->unit != 0) ? open - (p->unit != 0) : 0;
	}
	p->short_ns = 0;
	if (p->unit)
		record_write(&record);
}

static void end_execution(struct prepared *p)
{
	if (!p->start_ns)
		return;
	write_short_steps(p);
	uint64_t start_ns = p->prepare_ns ? p->prepare_start_ns : p->start_ns;
	const int64_t scanned =
		p->scanned_before < 0 ? -1 : sqlite_scan_rows(p->step, p->key) - p->scanned_before;
	record_write(&(struct channel_record){
		.t_start_ns = start_ns,
		.dur_ns = p->prepare_ns + p->step_ns,
		.unit = p->unit,
		.stack = p->stack,
		.subject = p->statement.text,
		.object = p->handle,
		.bytes = record_saturate(p->prepare_ns),
		.cpu_ns = p->statement.literals,
		.kind = RECORD_STATEMENT,
		.result = (int16_t)(p->nth > INT16_MAX ? INT16_MAX : p->nth),
		.depth = scanned < 0 ? 0 : record_scan_code((uint32_t)scanned),
		.flags = (uint16_t)(p->statement.flags | (p->failed ? RECORD_FAILED : 0)),
		.aux = p->statement.raw_hash,
		.count = p->rows,
	});
	values_write(start_ns, p->unit, p->handle, p->bound.hash);
	p->start_ns = p->prepare_ns = p->step_ns = 0;
	p->rows = 0;
	p->failed = false;
}

static void begin_execution(struct prepared *p, struct call *c, const void *step)
{
	sqlite_bound_end(&p->bound);
	p->step = step;
	p->scanned_before = sqlite_scan_rows(step, p->key);
	struct connection *connection = connection_known(p->connection);
	p->start_ns = c->start_ns;
	p->unit = c->unit;
	p->stack = call_stack(c);
	p->handle = connection ? connection->handle : 0;
	p->nth = connection ? atomic_fetch_add_explicit(&connection->statements, 1,
							memory_order_relaxed) +
				      1
			    : 0;
}

/* A connection's first prepare loads the schema, by calls of libsqlite3 to itself
 * that come through the hooks: each of those is timed, to be taken off. */
struct first_prepare {
	bool timed;
	uint64_t hook_ns; /* before, then what the hooks inside took */
};

static struct first_prepare begin_first(const struct call *c, void *db)
{
	struct connection *connection = c->nested ? NULL : ptr_table_find(&connection_table, db);
	bool timed =
		connection && !atomic_load_explicit(&connection->statements, memory_order_relaxed);
	c->thread->spans += timed;
	return (struct first_prepare){timed, c->thread->span_hook_ns};
}

static void end_first(struct call *c, struct first_prepare *first)
{
	c->thread->spans -= first->timed;
	first->hook_ns = first->timed ? c->thread->span_hook_ns - first->hook_ns : 0;
	call_stop(c);
}

/* `length` bytes at `sql` are one statement. */
static void end_prepare(struct call *c, void *db, const char *sql, size_t length, void **stmt,
			int result, uint64_t hook_ns)
{
	struct call_facts facts = {.flags = result == SQLITE_OK ? 0 : RECORD_FAILED};
	if (c->nested) {
		call_end(c, facts);
		return;
	}
	/* The clock has stopped: reading the text is the agent's time, not the target's. */
	uint64_t prepare_ns = hook_time_off(c->end_ns - c->start_ns, hook_ns);
	if (hook_ns && c->depth_before < CALL_DEPTH_MAX)
		facts.aux = hook_time_off(c->thread->open[c->depth_before].nested_ns, hook_ns);
	struct statement statement = statement_read(sql, length);
	struct connection *connection = connection_known(db);
	facts.subject = connection ? connection->handle : 0;
	facts.object = statement.text;
	void *made = result == SQLITE_OK && stmt ? *stmt : NULL; /* NULL: only a comment */
	struct prepared *p = made ? ptr_table_claim(&prepared_table, made) : NULL;
	if (p) {
		p->connection = db;
		p->statement = statement;
		p->prepare_start_ns = c->start_ns;
		p->prepare_ns = prepare_ns;
	} else if (made) {
		agent_count_loss(LOSS_STATEMENT_STATE);
	}
	call_end(c, facts);
}

static size_t statement_bytes(const char *sql, int bytes, const char *tail)
{
	if (!sql)
		return 0;
	if (tail && tail >= sql)
		return (size_t)(tail - sql);
	return bytes < 0 ? strlen(sql) : strnlen(sql, (size_t)bytes);
}

typedef int prepare_function(void *db, const char *sql, int bytes, void **stmt, const char **tail);
static int prepare_hook(prepare_function *original, void *db, const char *sql, int bytes,
			void **stmt, const char **tail)
{
	struct call c;
	if (!call_begin(&c, RECORD_SQLITE_PREPARE))
		return original(db, sql, bytes, stmt, tail);
	const char *end = NULL;
	struct first_prepare first = begin_first(&c, db);
	int result = original(db, sql, bytes, stmt, tail ? tail : &end);
	end_first(&c, &first);
	end = tail ? *tail : end;
	end_prepare(&c, db, sql, statement_bytes(sql, bytes, result == SQLITE_OK ? end : NULL),
		    stmt, result, first.hook_ns);
	return result;
}
static void *prepare_originals[SLOT_INSTANCES];
static void *prepare_v2_originals[SLOT_INSTANCES];

typedef int prepare_v3_function(void *db, const char *sql, int bytes, unsigned flags, void **stmt,
				const char **tail);
static void *prepare_v3_originals[SLOT_INSTANCES];
static int prepare_v3_hook(prepare_v3_function *original, void *db, const char *sql, int bytes,
			   unsigned flags, void **stmt, const char **tail)
{
	struct call c;
	if (!call_begin(&c, RECORD_SQLITE_PREPARE))
		return original(db, sql, bytes, flags, stmt, tail);
	const char *end = NULL;
	struct first_prepare first = begin_first(&c, db);
	int result = original(db, sql, bytes, flags, stmt, tail ? tail : &end);
	end_first(&c, &first);
	end = tail ? *tail : end;
	end_prepare(&c, db, sql, statement_bytes(sql, bytes, result == SQLITE_OK ? end : NULL),
		    stmt, result, first.hook_ns);
	return result;
}

typedef int stmt_function(void *stmt);

/* Ends the call: with a record if it was long or loaded the schema, else into
 * the execution's sum. Returns its ns. */
static uint64_t end_step(struct call *c, struct prepared *p, int result)
{
	bool failed = result != SQLITE_ROW && result != SQLITE_DONE;
	uint64_t step_ns = agent_now_ns() - c->start_ns;
	bool has_nested =
		c->depth_before < CALL_DEPTH_MAX && c->thread->open[c->depth_before].nested_ns;
	if (step_ns >= CALL_LONG_NS || has_nested)
		return call_end(c, (struct call_facts){
					   .subject = p->handle,
					   .object = p->statement.text,
					   .flags = failed ? RECORD_FAILED : 0,
					   .unit = p->unit,
				   });
	call_drop(c);
	if (!p->short_ns)
		p->short_start_ns = c->start_ns;
	p->short_ns += step_ns;
	return step_ns;
}

/* The second and later steps of an execution are its unit's, as the first was. */
static bool begin_step(struct call *c, struct prepared *p)
{
	return p && p->start_ns ? call_begin_known(c, RECORD_SQLITE_STEP, p->unit, p->stack)
				: call_begin(c, RECORD_SQLITE_STEP);
}

static void *step_originals[SLOT_INSTANCES];
static int step_hook(stmt_function *original, void *stmt)
{
	struct call c;
	const struct agent_thread *thread = agent_thread_peek();
	/* a statement of libsqlite3's own is not in the table */
	struct prepared *p =
		thread && thread->owning ? NULL : ptr_table_find(&prepared_table, stmt);
	if (!begin_step(&c, p))
		return original(stmt);
	if (!p || c.nested) {
		if (!c.nested) /* prepared while the agent slept, or the table was full */
			agent_count_loss(LOSS_STATEMENT_STATE);
		int result = original(stmt);
		call_end(&c, (struct call_facts){0});
		return result;
	}
	if (!p->start_ns)
		begin_execution(p, &c, (const void *)original);
	p->stepping = true;
	int result = original(stmt);
	p->stepping = false;
	p->step_ns += end_step(&c, p, result);
	if (result == SQLITE_ROW)
		p->rows++;
	else if (result == SQLITE_DONE)
		end_execution(p);
	else
		p->failed = true;
	return result;
}

/* A step that finds its statement expired (a value was bound that its plan depends on, as LIKE's)
 * prepares it again and resets it itself: the execution goes on (sqlite3_step, src/vdbeapi.c). */
static void *reset_originals[SLOT_INSTANCES];
static int reset_hook(stmt_function *original, void *stmt)
{
	if (is_awake()) {
		struct prepared *p = ptr_table_find(&prepared_table, stmt);
		if (p && !p->stepping)
			end_execution(p);
	}
	return original(stmt);
}

static void *finalize_originals[SLOT_INSTANCES];
static int finalize_hook(stmt_function *original, void *stmt)
{
	struct prepared *p = ptr_table_find(&prepared_table, stmt);
	if (p) {
		if (is_awake())
			end_execution(p);
		ptr_table_release(p);
	}
	return original(stmt);
}

typedef int exec_function(void *db, const char *sql, void *callback, void *argument, char **error);
static void *exec_originals[SLOT_INSTANCES];
static int exec_hook(exec_function *original, void *db, const char *sql, void *callback,
		     void *argument, char **error)
{
	struct call c;
	if (!call_begin(&c, RECORD_SQLITE_EXEC))
		return original(db, sql, callback, argument, error);
	int result = original(db, sql, callback, argument, error);
	struct call_facts facts = {.flags = result == SQLITE_OK ? 0 : RECORD_FAILED};
	if (c.nested || !sql) {
		call_end(&c, facts);
		return result;
	}
	struct statement statement = statement_read(sql, strlen(sql));
	struct connection *connection = connection_known(db);
	facts.subject = connection ? connection->handle : 0;
	facts.object = statement.text;
	uint32_t nth = connection ? atomic_fetch_add_explicit(&connection->statements, 1,
							      memory_order_relaxed) +
					    1
				  : 0;
	uint64_t dur_ns = call_end(&c, facts);
	record_write(&(struct channel_record){
		.t_start_ns = c.start_ns,
		.dur_ns = dur_ns,
		.unit = c.unit,
		.stack = call_stack(&c),
		.subject = statement.text,
		.object = facts.subject,
		.cpu_ns = statement.literals,
		.kind = RECORD_STATEMENT,
		.result = (int16_t)(nth > INT16_MAX ? INT16_MAX : nth),
		.flags = (uint16_t)(statement.flags | facts.flags),
		.aux = statement.raw_hash,
	});
	return result;
}

/* --- one replacement for each copy of the library ----------------------------------- */

/* A passive hook is a jump: agent_awake is read, then the original is the tail call. Closing
 * and finalizing keep the tables true and are never passed by. */
#define REPLACE(i, name, hook, type, parameters, arguments, passive) \
	static int name##_##i parameters \
	{ \
		type *original = (type *)__atomic_load_n(&name##_originals[i], __ATOMIC_RELAXED); \
		if (passive && UNLIKELY(!is_awake()) && !core_asleep_tick()) \
			return original arguments; \
		return hook(original, HOOK_##hook); \
	}
#define HOOK_open_hook n, d
#define HOOK_open_v2_hook n, d, f, v
#define HOOK_open16_hook n, d
#define HOOK_close_hook d
#define HOOK_prepare_hook d, q, b, s, t
#define HOOK_prepare_v3_hook d, q, b, f, s, t
#define HOOK_step_hook s
#define HOOK_reset_hook s
#define HOOK_finalize_hook s
#define HOOK_exec_hook d, q, c, a, e

#define OPEN(i) REPLACE(i, open, open_hook, open_function, (const char *n, void **d), (n, d), 1)
#define OPEN_V2(i) \
	REPLACE(i, open_v2, open_v2_hook, open_v2_function, \
		(const char *n, void **d, int f, const char *v), (n, d, f, v), 1)
#define OPEN16(i) \
	REPLACE(i, open16, open16_hook, open16_function, (const void *n, void **d), (n, d), 1)
#define CLOSE(i) REPLACE(i, close, close_hook, close_function, (void *d), (d), 0)
#define CLOSE_V2(i) REPLACE(i, close_v2, close_hook, close_function, (void *d), (d), 0)
#define PREPARE(i) \
	REPLACE(i, prepare, prepare_hook, prepare_function, \
		(void *d, const char *q, int b, void **s, const char **t), (d, q, b, s, t), 1)
#define PREPARE_V2(i) \
	REPLACE(i, prepare_v2, prepare_hook, prepare_function, \
		(void *d, const char *q, int b, void **s, const char **t), (d, q, b, s, t), 1)
#define PREPARE_V3(i) \
	REPLACE(i, prepare_v3, prepare_v3_hook, prepare_v3_function, \
		(void *d, const char *q, int b, unsigned f, void **s, const char **t), \
		(d, q, b, f, s, t), 1)
#define STEP(i) REPLACE(i, step, step_hook, stmt_function, (void *s), (s), 1)
#define RESET(i) REPLACE(i, reset, reset_hook, stmt_function, (void *s), (s), 1)
#define FINALIZE(i) REPLACE(i, finalize, finalize_hook, stmt_function, (void *s), (s), 0)
#define EXEC(i) \
	REPLACE(i, exec, exec_hook, exec_function, \
		(void *d, const char *q, void *c, void *a, char **e), (d, q, c, a, e), 1)

SLOT_EACH(OPEN)
SLOT_EACH(OPEN_V2)
SLOT_EACH(OPEN16)
SLOT_EACH(CLOSE)
SLOT_EACH(CLOSE_V2)
SLOT_EACH(PREPARE)
SLOT_EACH(PREPARE_V2)
SLOT_EACH(PREPARE_V3)
SLOT_EACH(STEP)
SLOT_EACH(RESET)
SLOT_EACH(FINALIZE)
SLOT_EACH(EXEC)

#define ROW(function) \
	{ \
		"sqlite3_" #function, (void *const[])SLOT_LIST(function), function##_originals \
	}
const struct slot_hook slot_hooks_sqlite[] = {
	ROW(open),     ROW(open_v2),    ROW(open16),     ROW(close), ROW(close_v2),
	ROW(prepare),  ROW(prepare_v2), ROW(prepare_v3), ROW(step),  ROW(reset),
	ROW(finalize), ROW(exec),       {.name = NULL},
};
