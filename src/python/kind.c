/* Rules in order: no source, the user's word, no file, server packages, packages, stdlib. */
#include "python/kind.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct text {
	const char *bytes;
	size_t length;
};

/* Packages whose frames are a web server or its worker loop, as found below
 * site-packages. A path of two parts names the serving module of a package
 * that is more than a server. The last row is of the standard library. */
static const char *const server_packages[] = {
	"gunicorn/",
	"uvicorn/",
	"hypercorn/",
	"waitress/",
	"granian/",
	"daphne/",
	"cheroot/",
	"bjoern/",
	"meinheld/",
	"mod_wsgi/",
	"uwsgidecorators.py",
	"werkzeug/serving.py",
	"werkzeug/_reloader.py",
	"gevent/pywsgi.py",
	"gevent/baseserver.py",
	"gevent/server.py",
	"eventlet/wsgi.py",
	"uvloop/",
	"tornado/httpserver.py",
	"tornado/tcpserver.py",
	"tornado/http1connection.py",
	"django/core/servers/",
	"django/core/management/commands/runserver.py",
	"django/utils/autoreload.py",
	"asgiref/server.py",
	"flask/cli.py",
	"celery/bin/",
	"celery/worker/",
	"celery/concurrency/",
	"billiard/",
	"rq/worker.py",
	"dramatiq/worker.py",
	"socketserver.py",
	"wsgiref/",
	"http/server.py",
};

/* Scripts that pip writes into a bin folder to start one of them: no code of the application. */
static const char *const launchers[] = {
	"gunicorn", "uvicorn", "hypercorn", "waitress-serve", "granian", "daphne",
	"flask",    "fastapi", "celery",    "django-admin",   "rq",      "dramatiq",
};

static const char *const package_folders[] = {"/site-packages/", "/dist-packages/"};

static bool starts_with(struct text text, const char *prefix)
{
	size_t length = strlen(prefix);

	return text.length >= length && memcmp(text.bytes, prefix, length) == 0;
}

/* What follows the last occurrence of `part`; length 0 and NULL: not there. */
static struct text after_last(struct text text, const char *part)
{
	size_t length = strlen(part);

	for (size_t at = text.length; at >= length; at--) {
		if (memcmp(text.bytes + at - length, part, length) == 0)
			return (struct text){text.bytes + at, text.length - at};
	}
	return (struct text){NULL, 0};
}

static struct text in_packages(struct text file)
{
	for (size_t i = 0; i < sizeof(package_folders) / sizeof(package_folders[0]); i++) {
		struct text rest = after_last(file, package_folders[i]);

		if (rest.bytes != NULL)
			return rest;
	}
	return (struct text){NULL, 0};
}

/* What follows …/lib/pythonX.Y/ (lib64, python3.13t and pythonXY.zip too); NULL: not there. */
static struct text in_stdlib(struct text file)
{
	static const char *const roots[] = {"/lib/python", "/lib64/python"};

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		struct text rest = after_last(file, roots[i]);
		const char *slash = rest.length > 0 ? memchr(rest.bytes, '/', rest.length) : NULL;

		if (slash != NULL && rest.bytes[0] >= '2' && rest.bytes[0] <= '9') {
			size_t skip = (size_t)(slash + 1 - rest.bytes);

			return (struct text){rest.bytes + skip, rest.length - skip};
		}
	}
	return (struct text){NULL, 0};
}

static bool is_server(struct text inside)
{
	for (size_t i = 0; i < sizeof(server_packages) / sizeof(server_packages[0]); i++) {
		if (starts_with(inside, server_packages[i]))
			return true;
	}
	return false;
}

static bool is_launcher(struct text file)
{
	struct text name = after_last(file, "/bin/");

	for (size_t i = 0; i < sizeof(launchers) / sizeof(launchers[0]); i++) {
		if (name.length == strlen(launchers[i]) && starts_with(name, launchers[i]))
			return true;
	}
	return false;
}

static bool is_below(struct text file, struct text folder)
{
	while (folder.length > 1 && folder.bytes[folder.length - 1] == '/')
		folder.length--;
	return folder.length > 0 && file.length > folder.length &&
	       memcmp(file.bytes, folder.bytes, folder.length) == 0 &&
	       file.bytes[folder.length] == '/';
}

static bool ends_in(struct text text, const char *end)
{
	size_t length = strlen(end);

	return text.length >= length &&
	       strncasecmp(text.bytes + text.length - length, end, length) == 0;
}

/* Code that a template engine made has the template's name, and line numbers that may be of the
 * Python made from it. Jinja2 names the template's file (environment.py Environment._parse,
 * compile), Mako its uri as an identifier or "memory:0x…" (template.py Template.__init__,
 * _compile_text), or a module x.html.py beside its cache. Scripts without a suffix, and those of
 * mod_wsgi, CGI and Twisted, are sources. */
static bool is_template(struct text file)
{
	static const char *const sources[] = {".py",  ".pyw", ".pyc",  ".pyo", ".pyx",  ".pyi",
					      ".pxd", ".pxi", ".wsgi", ".cgi", ".fcgi", ".tac"};
	static const char *const made[] = {".html.py", ".mako.py", ".mak.py", ".xml.py", ".txt.py"};
	size_t suffix = file.length;
	bool number = true;

	if (file.length == 0 || file.bytes[0] == '<')
		return false;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		if (ends_in(file, made[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (ends_in(file, sources[i]))
			return false;
	}
	if (starts_with(file, "memory:"))
		return true;
	while (suffix > 0 && file.bytes[suffix - 1] != '.' && file.bytes[suffix - 1] != '/') {
		suffix--;
		number = number && file.bytes[suffix] >= '0' && file.bytes[suffix] <= '9';
	}
	if (suffix == 0)
		return memchr(file.bytes, '_', file.length) != NULL;
	return file.bytes[suffix - 1] == '.' && suffix < file.length && !number;
}

enum code_kind code_kind_of(const char *filename, size_t filename_bytes, const char *app_path,
			    size_t app_path_bytes)
{
	struct text file = {filename, filename_bytes};
	struct text inside;

	if (is_template(file))
		return CODE_GENERATED;
	if (is_below(file, (struct text){app_path, app_path_bytes}))
		return CODE_APP;
	if (is_launcher(file))
		return CODE_SERVER;
	if (starts_with(file, "<frozen"))
		return CODE_STDLIB;
	if (file.length == 0 || file.bytes[0] == '<')
		return CODE_GENERATED;
	inside = in_packages(file);
	if (inside.bytes != NULL)
		return is_server(inside) ? CODE_SERVER : CODE_LIBRARY;
	inside = in_stdlib(file);
	if (inside.bytes != NULL)
		return is_server(inside) ? CODE_SERVER : CODE_STDLIB;
	return CODE_APP;
}

const char *code_kind_name(enum code_kind kind)
{
	static const char *const names[] = {
		[CODE_APP] = "app",       [CODE_LIBRARY] = "library",     [CODE_STDLIB] = "stdlib",
		[CODE_SERVER] = "server", [CODE_GENERATED] = "generated",
	};

	return names[kind];
}
