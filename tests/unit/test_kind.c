/* Whose code a file name tells of. */
#include "python/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *file;
	const char *kind;
} files[] = {
	{"/srv/shop/views.py", "app"},
	{"views.py", "app"},
	{"/opt/lib/pythonista/views.py", "app"},
	{"/srv/venv/lib/python3.11/site-packages/flask/app.py", "library"},
	{"/srv/venv/lib/python3.11/site-packages/gunicorn/workers/sync.py", "server"},
	{"/srv/venv/lib/python3.11/site-packages/gunicornish/x.py", "library"},
	{"/usr/lib/python3/dist-packages/uvicorn/main.py", "server"},
	{"/srv/venv/lib/python3.11/site-packages/werkzeug/serving.py", "server"},
	{"/srv/venv/lib/python3.11/site-packages/werkzeug/routing/map.py", "library"},
	{"/srv/venv/lib/python3.8/site-packages/django/core/servers/basehttp.py", "server"},
	{"/srv/venv/lib/python3.8/site-packages/django/core/handlers/wsgi.py", "library"},
	{"/usr/lib/python3.11/json/decoder.py", "stdlib"},
	{"/usr/lib64/python3.9/socket.py", "stdlib"},
	{"/usr/lib/python3.13t/socket.py", "stdlib"},
	{"/usr/lib/python3.11/socketserver.py", "server"},
	{"/usr/lib/python3.11/wsgiref/handlers.py", "server"},
	{"<frozen importlib._bootstrap>", "stdlib"},
	{"<string>", "generated"},
	{"<attrs generated init app.User>", "generated"},
	{"<template>", "generated"},
	{"/srv/shop/templates/orders.html", "generated"},
	{"templates/orders.html", "generated"},
	{"/srv/venv/lib/python3.11/site-packages/flask_admin/templates/list.html", "generated"},
	{"/tmp/mako/orders.html.py", "generated"},
	{"memory:0x7f1c2a", "generated"},
	{"orders_html", "generated"},
	{"/srv/shop/bin/serve", "app"},
	{"/srv/venv/bin/gunicorn", "server"},
	{"/srv/venv/bin/gunicorn.py", "app"},
	{"/srv/gunicorn", "app"},
	{"serve", "app"},
	{"/srv/shop/bin/python3.11", "app"},
	{"/srv/shop/shop.wsgi", "app"},
	{"/srv/shop/v1.2/views.PY", "app"},
	{"", "generated"},
};

static void test_file_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *file = files[i].file;

		assert_string_equal(code_kind_name(code_kind_of(file, strlen(file), NULL, 0)),
				    files[i].kind);
	}
}

static void test_app_path_overrides(void **state)
{
	static const char installed[] = "/srv/venv/lib/python3.11/site-packages/shop/views.py";
	static const char app[] = "/srv/venv/lib/python3.11/site-packages/shop/";
	static const char prefix_only[] = "/srv/venv/lib/python3.11/site-packages/sho";

	(void)state;
	assert_int_equal(code_kind_of(installed, strlen(installed), app, strlen(app)), CODE_APP);
	assert_int_equal(code_kind_of("/srv/shop/list.html", 19, "/srv/shop", 9), CODE_GENERATED);
	assert_int_equal(
		code_kind_of(installed, strlen(installed), prefix_only, strlen(prefix_only)),
		CODE_LIBRARY);
}

static void test_name_need_not_end_in_zero(void **state)
{
	(void)state;
	assert_int_equal(code_kind_of("<string>/srv", 8, NULL, 0), CODE_GENERATED);
	assert_int_equal(code_kind_of("/usr/lib/python3.11/x.py", 19, NULL, 0), CODE_APP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_names),
		cmocka_unit_test(test_app_path_overrides),
		cmocka_unit_test(test_name_need_not_end_in_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
