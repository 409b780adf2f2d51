#include "base/mask.h"

#include <ctype.h>
#include <string.h>

#define MASK "***"

/* What the words after a program are. */
enum program { OTHER, WRAPPER, PYTHON, SERVER, UNSLOW };

enum stage {
	AT_PROGRAM, /* the next word is a program */
	AT_SCRIPT,  /* … what the interpreter runs */
	AT_APP,     /* … the application a server loads, or a command of it */
	AT_FIRST,   /* … perhaps a command of the script */
	AT_VERB,    /* … a verb of unslow */
	AT_URL,     /* … what its verb load is let loose on */
	AT_REST,
};

struct masker {
	enum stage stage;
	bool server;     /* its short options are known */
	bool load;       /* the options of `unslow load` are */
	bool unsure;     /* an option of unknown arity has been seen */
	bool runserver;  /* an address may follow */
	bool value_next; /* of an option that is not known … */
	bool secret;     /* … and that ends at no option either */
	bool known_next; /* the value of one that is … */
	bool plain_next; /* … of a program that is not */
	bool module_next;
	struct str *out;
};

static const char *const wrappers[] = {"env",    "nice",   "ionice", "nohup", "timeout",
				       "setsid", "stdbuf", "sudo",   "exec",  "poetry",
				       "pipenv", "uv",     "pdm",    "hatch", "taskset"};
static const char *const servers[] = {"gunicorn", "uvicorn", "hypercorn", "waitress-serve",
				      "waitress", "daphne",  "granian",   "uwsgi",
				      "flask",    "fastapi", "celery",    "django-admin",
				      "django",   "bottle",  "litestar",  "sanic"};
static const char *const commands[] = {"run",  "exec", "dev",     "serve", "runserver", "worker",
				       "beat", "test", "migrate", "start", "check",     "qcluster"};
static const char *const flags[] = {
	"--reload",      "--noreload",       "--no-reload",       "--preload",
	"--nothreading", "--insecure",       "--debug",           "--no-debug",
	"--access-log",  "--no-access-log",  "--proxy-headers",   "--no-proxy-headers",
	"--factory",     "--master",         "--enable-threads",  "--lazy-apps",
	"--die-on-term", "--use-colors",     "--no-use-colors",   "--capture-output",
	"--no-sendfile", "--with-threads",   "--without-threads", "--help",
	"--version",     "--no-date-header", "--no-server-header"};
static const char *const valued[] = {
	"--bind",
	"--workers",
	"--worker-class",
	"--worker-connections",
	"--threads",
	"--processes",
	"--host",
	"--port",
	"--listen",
	"--loop",
	"--http",
	"--ws",
	"--interface",
	"--lifespan",
	"--log-level",
	"--loglevel",
	"--timeout",
	"--graceful-timeout",
	"--timeout-keep-alive",
	"--timeout-graceful-shutdown",
	"--keep-alive",
	"--max-requests",
	"--max-requests-jitter",
	"--limit-concurrency",
	"--limit-max-requests",
	"--backlog",
	"--chdir",
	"--app",
	"--app-dir",
	"--pool",
	"--concurrency",
	"--settings",
	"--blocking-threads",
	"--runtime-threads",
	"--runtime-mode",
	"--http-socket",
	"--module",
	"--wsgi-file",
};
/* Of servers only: -b of curl is a cookie. */
static const char *const short_valued[] = {"-b", "-w", "-k", "-t", "-A"};
/* Of unslow. */
static const char *const verbs[] = {"attach", "detach", "diff", "doctor", "dump", "export",
				    "list",   "load",   "run",  "show",   "why"};
static const char *const load_flags[] = {
	"--poisson", "--constant", "--closed", "--knee",    "--open", "--cookies", "--trace",
	"--json",    "--yes",      "--quiet",  "--verbose", "-q",     "-v",        "--insecure"};
static const char *const load_valued[] = {"-R",        "-c",        "-d",         "-n",
					  "-t",        "-X",        "--arrivals", "--connections",
					  "--for",     "--count",   "--warm-up",  "--wait",
					  "--timeout", "--threads", "--method",   "--ramp",
					  "--slo",     "--fail-on"};

#define IN(word, length, table) in_table(word, length, table, sizeof table / sizeof *table)

static bool in_table(const char *word, size_t length, const char *const *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(table[i]) == length && memcmp(table[i], word, length) == 0)
			return true;
	return false;
}

static enum program program_of(const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *name = slash ? slash + 1 : word;
	size_t length = strlen(name);
	if (IN(name, length, servers))
		return SERVER;
	if (IN(name, length, wrappers))
		return WRAPPER;
	if (strcmp(name, "unslow") == 0)
		return UNSLOW;
	if (strncmp(name, "python", 6) == 0 || strncmp(name, "pypy", 4) == 0)
		return name[strcspn(name, "=@")] ? OTHER : PYTHON;
	return OTHER;
}

bool mask_is_server(const char *word)
{
	return program_of(word) == SERVER || strcmp(word, "runserver") == 0;
}

/* a.b:c, a/b:c() or, if `plain_too`, a.b and a.py: how servers name applications. */
static bool names_app(const char *word, bool plain_too)
{
	size_t colons = 0, at = 0;
	if (isdigit((unsigned char)word[0]))
		return false;
	for (; word[at] && word[at] != '('; at++) {
		if (word[at] == ':')
			colons++;
		else if (!isalnum((unsigned char)word[at]) && !strchr("_./", word[at]))
			return false;
	}
	return at > 0 && colons <= 1 && (colons == 1 || (plain_too && !word[at]));
}

static bool is_address(const char *word)
{
	return strlen(word) <= 21 && word[strspn(word, "0123456789.:")] == '\0';
}

/* As `unslow load` takes them: :8000/path, http://…, unix:/path; what may be secret in them is
 * hidden later.
 */
static bool is_url(const char *word)
{
	return (word[0] == ':' && isdigit((unsigned char)word[1])) ||
	       strncmp(word, "http://", 7) == 0 || strncmp(word, "https://", 8) == 0 ||
	       strncmp(word, "unix:", 5) == 0;
}

static void add_quoted(const char *text, struct str *out)
{
	if (*text && !strpbrk(text, " \t\n\"'\\$`|&;<>(){}[]?#~!")) {
		str_add(out, text);
		return;
	}
	str_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add(out, "'\\''");
		else
			str_add_char(out, *text);
	}
	str_add_char(out, '\'');
}

/* Host and port, or more than one, up to the path: what is behind a colon and no port is a password
 * (redis://:password/0 has no `@`), and so may be what begins with one where that is no web server.
 */
static bool is_authority(const char *text, bool of_web)
{
	const char *const end = text + strcspn(text, "/?#;(");
	if (*text == ':' && !of_web)
		return false;
	for (const char *at = text + strcspn(text, "[:"); at < end; at += strcspn(at, "[:")) {
		at += *at == '[' ? strcspn(at, "]") : 1 + strspn(at + 1, "0123456789");
		if (at < end && *at != ']' && *at != ',')
			return false;
		at += *at == ']';
	}
	return true;
}

static bool is_of_web(const char *word)
{
	return strncmp(word, "http", 4) == 0 || strncmp(word, "tcp:", 4) == 0;
}

/* How much is shown before its user, and where it goes on after that: NULL for nowhere. */
static size_t before_user(const char *word, const char **rest)
{
	const char *const scheme = strstr(word, "://");
	const char *const user_end = strrchr(word, '@');
	const char *const colon = strchr(word, ':');
	*rest = word;
	if (scheme && user_end && user_end > scheme)
		/* not one of the query */
		*rest = strcspn(scheme, "?#;(") > (size_t)(user_end - scheme) ? user_end : NULL;
	else if (scheme && !is_authority(scheme + 3, is_of_web(word)))
		*rest = NULL;
	else if (!scheme && user_end && colon && colon < user_end && !is_url(word))
		*rest = user_end;
	return *rest == word || !scheme ? 0 : (size_t)(scheme + 3 - word);
}

/* A word that is shown: without a URL's user and parameters, and without the arguments of a call.
 */
static void show(const char *word, struct str *out)
{
	struct str shown;
	const char *at;
	str_init(&shown, strlen(word) + 4 * sizeof MASK);
	const size_t before = before_user(word, &at);
	if (at != word)
		str_printf(&shown, "%.*s" MASK, (int)before, word);
	if (at) {
		const bool is_of_url = strstr(word, "://") || is_url(word);
		const size_t length = strcspn(at, is_of_url ? "?(#;" : "?(");
		str_printf(&shown, "%.*s", (int)length, at);
		if (at[length] && strcmp(at + length, "()") == 0)
			str_add(&shown, "()");
		else if (at[length])
			str_printf(&shown, "%c" MASK "%s", at[length],
				   at[length] == '(' ? ")" : "");
	}
	add_quoted(shown.text, out);
	str_free(&shown);
}

/* Of an option that has the name of one that holds no secret, but of a program that is not known.
 */
static bool is_plain(const char *value)
{
	return value[strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				   "_.:/,-")] == '\0';
}

static void enter_program(struct masker *m, const char *word)
{
	enum program program = program_of(word);
	m->server = program == SERVER;
	m->stage = program == WRAPPER  ? AT_PROGRAM
		   : program == PYTHON ? AT_SCRIPT
		   : program == SERVER ? AT_APP
		   : program == UNSLOW ? AT_VERB
				       : AT_FIRST;
}

static bool tells_secret(const char *option)
{
	static const char *const parts[] = {"pass", "pwd",  "secret", "token", "key",
					    "dsn",  "cred", "auth",   "cookie"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcasestr(option, parts[i]))
			return true;
	return false;
}

/* -u, -Im module, -c text: CPython's "Command line and environment". */
static void take_python_option(struct masker *m, const char *word)
{
	size_t flag = 1 + strspn(word + 1, "bBdEhiIOPqRsSuvVx");
	char last = word[flag];
	str_printf(m->out, "%.*s", (int)flag, word);
	if (!last)
		return;
	const char *rest = word + flag + 1;
	if (!strchr("cmWX", last)) {
		str_add(m->out, MASK);
		return;
	}
	str_add_char(m->out, last);
	if (last == 'm' && *rest) {
		show(rest, m->out);
		enter_program(m, rest);
		return;
	}
	m->module_next = last == 'm';
	if (*rest)
		str_add(m->out, MASK);
	else
		m->value_next = m->secret = last != 'm';
	if (last == 'c')
		m->stage = AT_REST;
}

static void take_option(struct masker *m, const char *word)
{
	size_t name = strcspn(word, "=");
	if (m->stage == AT_SCRIPT && word[1] != '-') {
		take_python_option(m, word);
		return;
	}
	bool is_long = word[1] == '-';
	if (!is_long && name > 2)
		name = 2;
	const bool of_load = m->load && IN(word, name, load_valued);
	bool known = of_load ||
		     (is_long ? IN(word, name, valued) : m->server && IN(word, name, short_valued));
	if (known) {
		const bool of_known = m->server || of_load;
		m->known_next = !word[name];
		m->plain_next = !of_known;
		if (word[name] && !of_known && !is_plain(word + name + 1))
			str_printf(m->out, "%.*s=" MASK, (int)name, word);
		else
			show(word, m->out);
		return;
	}
	if (IN(word, strlen(word), flags) || (m->load && IN(word, strlen(word), load_flags))) {
		str_add(m->out, word);
		return;
	}
	m->unsure = true;
	/* A name has letters and dashes: more is a value that begins with a dash. */
	for (size_t at = 1; at < name; at++)
		if (!isalnum((unsigned char)word[at]) && !strchr("-_.", word[at]))
			name = at;
	str_printf(m->out, "%.*s%s", (int)name, word, word[name] == '=' ? "=" : "");
	if (word[name]) {
		str_add(m->out, MASK);
		return;
	}
	m->value_next = true;
	m->secret = tells_secret(word);
}

/* Whether the word that is no option is shown; where the command is after it. */
static bool take_positional(struct masker *m, const char *word)
{
	size_t length = strlen(word);
	bool command = IN(word, length, commands);
	switch (m->stage) {
	case AT_PROGRAM:
		if (command || (isdigit((unsigned char)word[0]) && length < 6))
			return true;
		if (m->unsure && program_of(word) == OTHER) {
			m->stage = AT_REST;
			return false;
		}
		enter_program(m, word);
		return true;
	case AT_SCRIPT:
		enter_program(m, word);
		return true;
	case AT_APP:
		m->runserver = command && strcmp(word, "runserver") == 0;
		if (command)
			m->stage = m->runserver ? AT_REST : AT_APP;
		else if (names_app(word, !m->unsure))
			m->stage = AT_REST;
		else
			return false;
		return true;
	case AT_FIRST:
		m->stage = AT_REST;
		m->runserver = command && strcmp(word, "runserver") == 0;
		return command;
	case AT_VERB:
		m->load = strcmp(word, "load") == 0;
		m->stage = m->load ? AT_URL : strcmp(word, "run") == 0 ? AT_PROGRAM : AT_REST;
		return IN(word, length, verbs);
	case AT_URL:
		m->stage = AT_REST;
		return is_url(word);
	case AT_REST:
		return m->runserver && is_address(word);
	}
	return false;
}

/* NAME=value before a program, whatever env(1) or a shell takes for a name: my.name, NAME+, A[0].
 */
static bool take_assignment(struct masker *m, const char *word)
{
	const size_t length = strcspn(word, "=");
	if (m->stage != AT_PROGRAM || !word[length])
		return false;
	struct str name;
	str_init(&name, length + 1);
	str_printf(&name, "%.*s", (int)length, word);
	if (length)
		show(name.text, m->out);
	str_add(m->out, "=" MASK);
	str_free(&name);
	return true;
}

static void take(struct masker *m, const char *word)
{
	bool option = word[0] == '-' && word[1];
	bool value = m->value_next, secret = m->secret;
	m->value_next = m->secret = false;
	if (m->known_next || m->module_next) {
		if (m->module_next)
			enter_program(m, word);
		if (m->known_next && m->plain_next && !is_plain(word))
			str_add(m->out, MASK);
		else
			show(word, m->out);
		m->known_next = m->module_next = false;
	} else if (value && (secret || !option) &&
		   !(m->stage == AT_PROGRAM && program_of(word) != OTHER)) {
		str_add(m->out, MASK);
	} else if (strcmp(word, "--") == 0) {
		str_add(m->out, word);
	} else if (option) {
		take_option(m, word);
	} else if (!take_assignment(m, word)) {
		if (take_positional(m, word))
			show(word, m->out);
		else
			str_add(m->out, MASK);
	}
}

void mask_command(char *const *words, int count, struct str *out)
{
	struct masker m = {.stage = AT_PROGRAM, .out = out};
	for (int i = 0; i < count; i++) {
		if (i)
			str_add_char(out, ' ');
		take(&m, words[i]);
	}
}
