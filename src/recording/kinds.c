#include "recording/kinds.h"

#include <stddef.h>

enum { KINDS = RECORD_EXCEPTION + 1 };

static const struct {
	const char *name;
	enum charge charge;
	bool is_call;
	bool has_handle;
} kinds[KINDS] = {
	[RECORD_CONNECT] = {"connect", CHARGE_PEER, true, true},
	[RECORD_ACCEPT] = {"accept", CHARGE_PEER, true, true},
	[RECORD_SEND] = {"send", CHARGE_PEER, true, true},
	[RECORD_RECV] = {"recv", CHARGE_PEER, true, true},
	[RECORD_POLL] = {"poll", CHARGE_PEER, true, true},
	[RECORD_OPEN] = {"open", CHARGE_FILE, true, true},
	[RECORD_CLOSE] = {"close", CHARGE_PEER, true, true},
	[RECORD_READ] = {"read", CHARGE_PEER, true, true},
	[RECORD_WRITE] = {"write", CHARGE_PEER, true, true},
	[RECORD_FSYNC] = {"fsync", CHARGE_FILE, true, true},
	[RECORD_SLEEP] = {"sleep", CHARGE_SLEEP, true, false},
	[RECORD_LOCK] = {"lock", CHARGE_LOCK, true, false},
	[RECORD_GIL] = {"gil", CHARGE_GIL, false, false},
	[RECORD_DNS] = {"dns", CHARGE_NET, true, false},
	[RECORD_SPAWN] = {"spawn", CHARGE_LOCK, true, false},
	[RECORD_SQLITE_OPEN] = {"sqlite_open", CHARGE_SQLITE, true, true},
	[RECORD_SQLITE_CLOSE] = {"sqlite_close", CHARGE_SQLITE, true, true},
	[RECORD_SQLITE_PREPARE] = {"sqlite_prepare", CHARGE_SQLITE, true, true},
	[RECORD_SQLITE_STEP] = {"sqlite_step", CHARGE_SQLITE, true, true},
	[RECORD_SQLITE_EXEC] = {"sqlite_exec", CHARGE_SQLITE, true, true},
	[RECORD_TLS_HANDSHAKE] = {"tls_handshake", CHARGE_NONE, true, true},
	[RECORD_STATEMENT] = {"statement", CHARGE_NONE, false, false},
	[RECORD_READY] = {"ready", CHARGE_NONE, false, true},
	[RECORD_EXCHANGE] = {"exchange", CHARGE_NONE, false, true},
	[RECORD_HELD] = {"held", CHARGE_NONE, false, true},
	[RECORD_SPAN] = {"span", CHARGE_NONE, false, false},
	[RECORD_CALLBACK] = {"callback", CHARGE_NONE, false, false},
	[RECORD_GC] = {"gc", CHARGE_GC, false, false},
};

const char *record_kind_name(uint16_t kind)
{
	return kind < KINDS ? kinds[kind].name : NULL;
}

enum charge record_kind_charge(uint16_t kind)
{
	return kind < KINDS ? kinds[kind].charge : CHARGE_NONE;
}

bool record_kind_is_call(uint16_t kind)
{
	return kind < KINDS && kinds[kind].is_call;
}

bool record_kind_has_handle(uint16_t kind)
{
	return kind < KINDS && kinds[kind].has_handle;
}

#define NAME_OF(names, kind) \
	((kind) < sizeof(names) / sizeof *(names) && (names)[kind] ? (names)[kind] : "unknown")

const char *unit_kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[UNIT_REQUEST] = "request", [UNIT_WEBSOCKET] = "websocket", [UNIT_TASK] = "task",
		[UNIT_JOB] = "job",         [UNIT_COMMAND] = "command",     [UNIT_TEST] = "test",
		[UNIT_RUN] = "run",         [UNIT_STREAM] = "stream",
	};
	return NAME_OF(names, kind);
}

const char *handle_kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[HANDLE_SOCKET] = "socket",
		[HANDLE_FILE] = "file",
		[HANDLE_SQLITE] = "sqlite",
		[HANDLE_PIPE] = "pipe",
	};
	return NAME_OF(names, kind);
}

const char *peer_kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[PEER_CLIENT] = "client",
		[PEER_SQLITE] = "sqlite",
		[PEER_POSTGRESQL] = "postgresql",
		[PEER_MYSQL] = "mysql",
		[PEER_REDIS] = "redis",
		[PEER_HTTP] = "http",
		[PEER_MEMCACHE] = "memcache",
		[PEER_MONGODB] = "mongodb",
		[PEER_DNS] = "dns",
		[PEER_AMQP] = "amqp",
		[PEER_KAFKA] = "kafka",
	};
	return NAME_OF(names, kind);
}

bool peer_kind_is_database(uint32_t kind)
{
	return kind == PEER_SQLITE || kind == PEER_POSTGRESQL || kind == PEER_MYSQL ||
	       kind == PEER_MONGODB || kind == PEER_REDIS;
}

const char *tasks_what_name(int what)
{
	static const char *const names[] = {
		[TASKS_LIVE] = "live", [TASKS_WAITING] = "waiting", [TASKS_MADE] = "made"};
	return what >= TASKS_LIVE && what <= TASKS_MADE ? names[what] : NULL;
}

const char *agent_loss_name(uint32_t loss)
{
	static const char *const names[LOSS_KINDS] = {
		[LOSS_RING_FULL] = "ring_full",
		[LOSS_NO_RING] = "no_ring",
		[LOSS_DICT_FULL] = "dict_full",
		[LOSS_NO_SPACE] = "no_space",
		[LOSS_HOOK_INSTANCES] = "hook_instances",
		[LOSS_HANDLES] = "handles",
		[LOSS_STATEMENT_STATE] = "statement_state",
		[LOSS_STACK] = "stack",
	};
	return loss < LOSS_KINDS ? names[loss] : NULL;
}
