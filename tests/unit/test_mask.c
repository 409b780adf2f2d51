/* Command lines as they are stored: no secret survives, the rest is readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mask.h"

static void expect(const char *wanted, int count, const char **words)
{
	struct str out;
	str_init(&out, 1000);
	mask_command((char **)words, count, &out);
	assert_string_equal(out.text, wanted);
	str_free(&out);
}
#define EXPECT(wanted, ...) \
	do { \
		const char *words_[] = {__VA_ARGS__}; \
		expect(wanted, (int)(sizeof words_ / sizeof *words_), words_); \
	} while (0)

static void test_plain_commands_stay(void **state)
{
	(void)state;
	EXPECT("gunicorn -w 4 -b 127.0.0.1:8000 app:app", "gunicorn", "-w", "4", "-b",
	       "127.0.0.1:8000", "app:app");
	EXPECT("python -c 'print(1)'", "python", "-c", "print(1)");
	EXPECT("sh -c 'it'\\''s'", "sh", "-c", "it's");
	EXPECT("app ''", "app", "");
	EXPECT("curl http://127.0.0.1:8000/a@b", "curl", "http://127.0.0.1:8000/a@b");
}

static void test_values_of_telling_names(void **state)
{
	(void)state;
	EXPECT("app --password ***", "app", "--password", "hunter2");
	EXPECT("app --db-password=***", "app", "--db-password=hunter2");
	EXPECT("app --api-key *** --port 1", "app", "--api-key", "hunter2", "--port", "1");
	EXPECT("env API_TOKEN=*** python", "env", "API_TOKEN=hunter2", "python");
	EXPECT("app --dsn ***", "app", "--dsn", "postgresql://u:hunter2@h/db");
	EXPECT("psql 'host=h password=*** dbname=d'", "psql", "host=h password=hunter2 dbname=d");
	EXPECT("python -c 'connect(PASSWORD=***)'", "python", "-c", "connect(PASSWORD='hunter2')");
	EXPECT("curl -H 'Authorization: ***'", "curl", "-H", "Authorization: Bearer hunter2");
	EXPECT("app 'http://h/?token=***&page=2'", "app", "http://h/?token=hunter2&page=2");
	EXPECT("app --secret -v", "app", "--secret", "-v");
}

static void test_users_of_urls(void **state)
{
	(void)state;
	EXPECT("app postgresql://***@db:5432/x", "app", "postgresql://me:hunter2@db:5432/x");
	EXPECT("app --url=redis://***@h/0", "app", "--url=redis://:hunter2@h/0");
	EXPECT("app amqp://***@h", "app", "amqp://u:hun@ter2@h");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_commands_stay),
		cmocka_unit_test(test_values_of_telling_names),
		cmocka_unit_test(test_users_of_urls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
