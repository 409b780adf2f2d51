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

static void test_what_a_command_runs_stays(void **state)
{
	(void)state;
	EXPECT("gunicorn -w 4 -b 127.0.0.1:8000 app:app", "gunicorn", "-w", "4", "-b",
	       "127.0.0.1:8000", "app:app");
	EXPECT("gunicorn -w4 --preload wsgi", "gunicorn", "-w4", "--preload", "wsgi");
	EXPECT("python -u -m uvicorn shop.main:app --host=::1 --port 80 --reload", "python", "-u",
	       "-m", "uvicorn", "shop.main:app", "--host=::1", "--port", "80", "--reload");
	EXPECT("/v/bin/python3.11 manage.py runserver 0.0.0.0:8000 --noreload", "/v/bin/python3.11",
	       "manage.py", "runserver", "0.0.0.0:8000", "--noreload");
	EXPECT("env DJANGO_SETTINGS_MODULE=*** nice python '/srv/my app.py'", "env",
	       "DJANGO_SETTINGS_MODULE=shop.settings", "nice", "python", "/srv/my app.py");
	EXPECT("flask --app shop run --port 5000", "flask", "--app", "shop", "run", "--port",
	       "5000");
	EXPECT("celery -A shop worker --loglevel info", "celery", "-A", "shop", "worker",
	       "--loglevel", "info");
	EXPECT("celery -b redis://h:6379/0 -A shop", "celery", "-b", "redis://h:6379/0", "-A",
	       "shop");
	EXPECT("celery -b sentinel://h:1,g:2/0", "celery", "-b", "sentinel://h:1,g:2/0");
	EXPECT("gunicorn -b tcp://:80 -b 'tcp://[::1]:80' -b unix:/run/a@b.sock", "gunicorn", "-b",
	       "tcp://:80", "-b", "tcp://[::1]:80", "-b", "unix:/run/a@b.sock");
	EXPECT("poetry run gunicorn 'app:make()'", "poetry", "run", "gunicorn", "app:make()");
	EXPECT("unslow load :8001/a -R 200 -d 1s --json", "unslow", "load", ":8001/a", "-R", "200",
	       "-d", "1s", "--json");
	EXPECT("build/unslow load -q --poisson http://h/a", "build/unslow", "load", "-q",
	       "--poisson", "http://h/a");
	EXPECT("unslow run -o *** -- python app.py", "unslow", "run", "-o", "x.rec", "--", "python",
	       "app.py");
	EXPECT("unslow-no-such-command", "unslow-no-such-command");
	EXPECT("''", "");
}

/* Each word that is not known to be harmless, wherever it stands. */
static void test_all_else_is_hidden(void **state)
{
	(void)state;
	EXPECT("app -p ***", "app", "-p", "ZZ");
	EXPECT("app -p***", "app", "-pZZ");
	EXPECT("curl -u ***", "curl", "-u", "user:ZZ");
	EXPECT("app --pass ***", "app", "--pass", "ZZ");
	EXPECT("PASS=*** app", "PASS=ZZ", "app");
	EXPECT("env my.secret=*** MY-TOKEN=*** python a.py", "env", "my.secret=ZZ",
	       "MY-TOKEN=ZZ=ZZ", "python", "a.py");
	EXPECT("TOKEN+=*** 'A[0]'=*** =*** app", "TOKEN+=ZZ", "A[0]=ZZ", "=ZZ", "app");
	EXPECT("env db://***@h=*** app", "env", "db://u:ZZ@h=ZZ", "app");
	EXPECT("app --host *** --http=*** ***", "app", "--host", "k=ZZ", "--http={ZZ}", "ZZ");
	EXPECT("app --host db-1.local:80,b/c --port=1", "app", "--host", "db-1.local:80,b/c",
	       "--port=1");
	EXPECT("app --host redis://***", "app", "--host", "redis://:ZZ/0");
	EXPECT("celery -b redis://*** -A shop worker", "celery", "-b", "redis://:ZZ/0", "-A",
	       "shop", "worker");
	EXPECT("celery -b redis://***", "celery", "-b", "redis://u:ZZ/0");
	EXPECT("celery -b redis://***", "celery", "-b", "redis://h:1ZZ/0");
	EXPECT("celery -b redis://***", "celery", "-b", "redis://:123456/0");
	EXPECT("celery -b redis://***", "celery", "-b", "redis://[::1]:ZZ/0");
	EXPECT("celery -b ***@h/0", "celery", "-b", "u:ZZ@h/0");
	EXPECT("env PGPASS=*** python app.py", "env", "PGPASS=ZZ", "python", "app.py");
	EXPECT("app ***", "app", "password = ZZ");
	EXPECT("app --password=***", "app", "--password=ZZ,ZZ");
	EXPECT("app ***", "app", "postgres://u:ZZ/ZZ@h/db");
	EXPECT("app ***", "app", "http://h/?sig=ZZ");
	EXPECT("curl --cookie *** -b ***", "curl", "--cookie", "sid=ZZ", "-b", "sid=ZZ");
	EXPECT("curl -H ***", "curl", "-H", "Authorization: Token ZZ");
	EXPECT("app --password ***", "app", "--password", "-ZZ");
	EXPECT("app --password *** ***", "app", "--password", "", "ZZ");
	EXPECT("curl ***", "curl", "https://hooks.example/services/ZZ/ZZ");
	EXPECT("python -c *** ***", "python", "-c", "connect('ZZ')", "ZZ");
	EXPECT("python -uc***", "python", "-ucZZ");
	EXPECT("sh -c ***", "sh", "-c", "app ZZ");
	EXPECT("python app.py *** --key ***", "python", "app.py", "ZZ", "--key", "ZZ");
	EXPECT("gunicorn -c *** --env *** app:app ***", "gunicorn", "-c", "ZZ.py", "--env",
	       "DATABASE_URL=ZZ", "app:app", "ZZ");
	EXPECT("gunicorn --bind=tcp://***@h:1 'app:make(***)'", "gunicorn",
	       "--bind=tcp://u:Z/Z@h:1", "app:make('ZZ')");
	EXPECT("uvicorn --odd *** ***", "uvicorn", "--odd", "ZZ", "ZZ");
	EXPECT("env -i *** ***", "env", "-i", "curl", "ZZ");
	EXPECT("app --o***", "app", "--o/ZZ");
	EXPECT("unslow load 'http://***@h/a?***' -R 2", "unslow", "load", "http://u:ZZ@h/a?k=ZZ",
	       "-R", "2");
	EXPECT("unslow load -H *** --body *** --requests *** :80 ***", "unslow", "load", "-H",
	       "Authorization: ZZ", "--body", "ZZ", "--requests", "ZZ", ":80", "ZZ");
	EXPECT("unslow load ***", "unslow", "load", "ZZ@h/ZZ");
	EXPECT("unslow load 'http://h/a#***'", "unslow", "load", "http://h/a#access_token=ZZ");
	EXPECT("unslow load ':80/a;***' -R 2", "unslow", "load", ":80/a;jsessionid=ZZ?a=1", "-R",
	       "2");
	EXPECT("unslow load 'unix:/a#***'", "unslow", "load", "unix:/a#ZZ");
	EXPECT("unslow load http://***", "unslow", "load", "http://h/?to=ZZ@ZZ");
	EXPECT("unslow load http://***", "unslow", "load", "http://u:ZZ#ZZ@h/");
	EXPECT("unslow load 'http://[::1]:80/a?***'", "unslow", "load", "http://[::1]:80/a?ZZ");
	EXPECT("unslow *** ***", "unslow", "ZZ", "ZZ");
	EXPECT("app -R *** --fail-on ***", "app", "-R", "ZZ", "--fail-on", "ZZ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_command_runs_stays),
		cmocka_unit_test(test_all_else_is_hidden),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
