#include "agent/packages.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "agent/abi.h"

#define VERSION_MAX 40
#define PATH_MAX_BYTES 1024

/* Module, and the name of its distribution as its .dist-info folder has it. */
static const struct package {
	const char *module;
	const char *distribution;
} packages[] = {
	{"aiohttp", "aiohttp"},
	{"aiomysql", "aiomysql"},
	{"aiosqlite", "aiosqlite"},
	{"anyio", "anyio"},
	{"asgiref", "asgiref"},
	{"asyncpg", "asyncpg"},
	{"bjoern", "bjoern"},
	{"boto3", "boto3"},
	{"botocore", "botocore"},
	{"bottle", "bottle"},
	{"celery", "celery"},
	{"cryptography", "cryptography"},
	{"daphne", "daphne"},
	{"ddtrace", "ddtrace"},
	{"debugpy", "debugpy"},
	{"django", "django"},
	{"elasticsearch", "elasticsearch"},
	{"eventlet", "eventlet"},
	{"falcon", "falcon"},
	{"fastapi", "fastapi"},
	{"flask", "flask"},
	{"flask_sqlalchemy", "flask_sqlalchemy"},
	{"gevent", "gevent"},
	{"graphene", "graphene"},
	{"greenlet", "greenlet"},
	{"gunicorn", "gunicorn"},
	{"httptools", "httptools"},
	{"httpx", "httpx"},
	{"hypercorn", "hypercorn"},
	{"jinja2", "jinja2"},
	{"jsonschema", "jsonschema"},
	{"lxml", "lxml"},
	{"marshmallow", "marshmallow"},
	{"motor", "motor"},
	{"MySQLdb", "mysqlclient"},
	{"newrelic", "newrelic"},
	{"numpy", "numpy"},
	{"opentelemetry", "opentelemetry_api"},
	{"orjson", "orjson"},
	{"pandas", "pandas"},
	{"peewee", "peewee"},
	{"PIL", "pillow"},
	{"pg8000", "pg8000"},
	{"psycopg", "psycopg"},
	{"psycopg2", "psycopg2"},
	{"psycopg_pool", "psycopg_pool"},
	{"pydantic", "pydantic"},
	{"pymongo", "pymongo"},
	{"pymysql", "pymysql"},
	{"quart", "quart"},
	{"redis", "redis"},
	{"requests", "requests"},
	{"rest_framework", "djangorestframework"},
	{"retrying", "retrying"},
	{"sanic", "sanic"},
	{"sentry_sdk", "sentry_sdk"},
	{"sqlalchemy", "sqlalchemy"},
	{"starlette", "starlette"},
	{"tornado", "tornado"},
	{"tortoise", "tortoise_orm"},
	{"urllib3", "urllib3"},
	{"uvicorn", "uvicorn"},
	{"uvloop", "uvloop"},
	{"waitress", "waitress"},
	{"werkzeug", "werkzeug"},
};

/* Longest run of characters a version may have; 0: it begins with another one. */
static size_t version_length(const char *text, size_t length)
{
	size_t count = 0;

	while (count < length && count < VERSION_MAX &&
	       (isalnum((unsigned char)text[count]) || strchr(".+!-_", text[count]) != NULL))
		count++;
	return count;
}

/* module.__version__, only where it is a plain member: some modules warn when
 * they are asked. */
static bool version_of_module(py_object module, char *version)
{
	py_object members = py_attribute(module, "__dict__");
	py_object value = members == NULL ? NULL : py.PyDict_GetItemString(members, "__version__");
	size_t length;
	const char *text = py_text(value, &length);

	if (text != NULL)
		length = version_length(text, length);
	if (text != NULL && length > 0)
		snprintf(version, VERSION_MAX + 1, "%.*s", (int)length, text);
	py.Py_DecRef(members);
	return text != NULL && length > 0;
}

/* "flask-3.1.0.dist-info" → 3.1.0; "bjoern-3.2.2-py3.8.egg-info" (setup.py install) → 3.2.2 */
static bool version_of_entry(const char *entry, const char *distribution, char *version)
{
	size_t name_length = strlen(distribution);
	const char *end = strstr(entry, ".dist-info");
	const char *text;
	size_t length;

	if (end == NULL)
		end = strstr(entry, ".egg-info");
	if (end == NULL || strncasecmp(entry, distribution, name_length) != 0 ||
	    entry[name_length] != '-')
		return false;
	text = entry + name_length + 1;
	if (strstr(text, "-py") != NULL)
		end = strstr(text, "-py");
	length = version_length(text, (size_t)(end - text));
	snprintf(version, VERSION_MAX + 1, "%.*s", (int)length, text);
	return length > 0;
}

/* The folder that holds the package, and beside it its .dist-info. */
static bool version_of_folder(py_object module, const char *distribution, char *version)
{
	char folder[PATH_MAX_BYTES];
	py_object file = py_attribute(module, "__file__");
	size_t length;
	const char *text = py_text(file, &length);
	char *slash = NULL;
	bool found = false;
	struct dirent *entry;
	DIR *listing;

	if (text != NULL && length < sizeof folder) {
		memcpy(folder, text, length + 1);
		slash = strrchr(folder, '/');
		if (slash != NULL && strncmp(slash, "/__init__.", 10) == 0) {
			*slash = '\0';
			slash = strrchr(folder, '/');
		}
	}
	py.Py_DecRef(file);
	if (slash == NULL)
		return false;
	*slash = '\0';
	listing = opendir(folder);
	while (listing != NULL && !found && (entry = readdir(listing)) != NULL)
		found = version_of_entry(entry->d_name, distribution, version);
	if (listing != NULL)
		closedir(listing);
	return found;
}

void packages_write(void)
{
	char key[64];
	char version[VERSION_MAX + 1];

	for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
		py_object module = py_module(packages[i].module);

		if (module == NULL ||
		    (!version_of_module(module, version) &&
		     !version_of_folder(module, packages[i].distribution, version)))
			continue;
		snprintf(key, sizeof key, "package.%s", packages[i].module);
		dict_fact(key, version);
	}
}
