#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/knee_report.h"

static struct load_plan plan = {.connections = 100, .threads = 1, .schedule = {.seed = 7}};
static struct knee_order order = {.plan = &plan, .budget_ns = 60 * NS_PER_S};
static struct knee_run run;

static struct knee_seen seen(double rate, double answered, uint64_t p99_ms)
{
	return (struct knee_seen){
		.window_s = 4,
		.due = (uint64_t)(rate * 4),
		.answered = (uint64_t)(answered * 4),
		.p50_ns = 3 * NS_PER_MS,
		.p99_ns = p99_ms * NS_PER_MS,
		.objective_value = p99_ms * NS_PER_MS,
		.objective_ratio = p99_ms > 50 ? 3 : 0.5,
	};
}

static void take(double rate, const struct knee_seen *trial)
{
	run.knee.step.rate = rate;
	knee_take(&run.knee, trial);
}

static void begin(void)
{
	struct err error;
	const struct knee_spec spec = {.budget_ns = order.budget_ns, .rate_max = 1e6};
	const struct knee_seen probe = seen(0, 500, 20);
	run = (struct knee_run){.elapsed_ns = 58 * NS_PER_S};
	assert_int_equal(slo_parse(&order.slo, "p99=50ms,errors<1%", &error), ERR_OK);
	knee_begin(&run.knee, &spec);
	knee_take(&run.knee, &probe);
}

static char *print(void (*write)(const struct knee_report *, FILE *))
{
	const struct knee_report report = {":8000", &order, &run};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	write(&report, out);
	fclose(out);
	return text;
}

static void as_text(const struct knee_report *report, FILE *out)
{
	knee_report_text(report, out, false, 100);
}

static void assert_text(const char *wanted)
{
	char *text = print(as_text);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_found(void **state)
{
	struct knee_seen spoilt = seen(460, 455, 80), late = seen(440, 400, 40);
	(void)state;
	begin();
	spoilt.is_spoilt = true;
	late.failed = 88;
	take(250, (struct knee_seen[]){seen(250, 250, 4)});
	take(460, &spoilt);
	take(460, (struct knee_seen[]){seen(460, 459, 62)});
	take(430, (struct knee_seen[]){seen(430, 430, 38)});
	take(470, (struct knee_seen[]){seen(470, 468, 210)});
	take(440, &late);
	assert_text(
		":8000  the knee for p99 <= 50.0 ms, errors <= 1 %; Poisson arrivals, 58 s\n"
		"\n"
		"  asked/s  answered       p50       p99\n"
		"      250       250   3.00 ms   4.00 ms  █           │       good\n"
		"      430       430   3.00 ms   38.0 ms  █████████   │       good\n"
		"      440       400   3.00 ms   40.0 ms  ██████████  │       the server answers "
		"only 400 of 440 a second, 5 % fail\n"
		"      460       455   3.00 ms   80.0 ms  ██████████████████+ not counted: this "
		"client was too late\n"
		"      460       459   3.00 ms   62.0 ms  ███████████████     p99 passes 50.0 ms: "
		"62.0 ms\n"
		"      470       468   3.00 ms    210 ms  ██████████████████+ p99 passes 50.0 ms: "
		"210 ms\n"
		"\n"
		"  knee        431 requests a second; with 90 % probability between 324 and 467\n"
		"  limited by  p99 passes 50.0 ms: 62.0 ms at 460/s\n");
}

static void test_nothing_is_known(void **state)
{
	(void)state;
	begin();
	run.stopped = true;
	assert_text(":8000  the knee for p99 <= 50.0 ms, errors <= 1 %; Poisson arrivals, 58 s; "
		    "stopped\n"
		    "\n"
		    "  knee        not known: stopped before a trial was over\n");
}

static void test_no_rate_holds(void **state)
{
	(void)state;
	begin();
	take(250, (struct knee_seen[]){seen(250, 250, 70)});
	take(5, (struct knee_seen[]){seen(5, 5, 60)});
	assert_text(":8000  the knee for p99 <= 50.0 ms, errors <= 1 %; Poisson arrivals, 58 s\n"
		    "\n"
		    "  asked/s  answered       p50       p99\n"
		    "        5         5   3.00 ms   60.0 ms  ██████████████      p99 passes 50.0 "
		    "ms: 60.0 ms\n"
		    "      250       250   3.00 ms   70.0 ms  █████████████████   p99 passes 50.0 "
		    "ms: 70.0 ms\n"
		    "\n"
		    "  knee        none: even 5 requests a second are too many for it\n"
		    "  limited by  p99 passes 50.0 ms: 60.0 ms at 5/s\n");
}

static void test_the_client_limits(void **state)
{
	struct knee_seen spoilt = seen(20000, 19000, 10);
	(void)state;
	begin();
	spoilt.is_spoilt = spoilt.is_busy = true;
	take(10000, (struct knee_seen[]){seen(10000, 10000, 4)});
	for (int i = 0; i < 3; i++)
		take(20000, &spoilt);
	assert_text(
		":8000  the knee for p99 <= 50.0 ms, errors <= 1 %; Poisson arrivals, 58 s\n"
		"\n"
		"  asked/s  answered       p50       p99\n"
		"   10,000    10,000   3.00 ms   4.00 ms  █           │       good\n"
		"   20,000    19,000   3.00 ms   10.0 ms  ██          │       not counted: this "
		"client was too busy\n"
		"   20,000    19,000   3.00 ms   10.0 ms  ██          │       not counted: this "
		"client was too busy\n"
		"   20,000    19,000   3.00 ms   10.0 ms  ██          │       not counted: this "
		"client was too busy\n"
		"\n"
		"  knee        at least 10,000 requests a second; no higher rate was judged bad\n"
		"  limited by  this client is saturated, or has no CPU of its own: cannot tell "
		"above 10,000/s. Give\n"
		"              it more threads (-t) and CPUs\n"
		"  beware      at that rate up to 500 requests may be under way, but there are 100 "
		"connections: they\n"
		"              may be what limits. Give more (-c, --open)\n");
}

static void test_json(void **state)
{
	(void)state;
	begin();
	take(250, (struct knee_seen[]){seen(250, 250, 4)});
	take(500, (struct knee_seen[]){seen(500, 490, 90)});
	char *text = print(knee_report_json);
	static const char *const parts[] = {
		"\"schema\": \"unslow.knee/1\"",
		"\"pace\": \"poisson\"",
		"\"limit_ms\": 50",
		"\"limit_share\": 0.01",
		"\"probe_per_s\": 500",
		"\"rate\": 250",
		"\"achieved_per_s\": 490",
		"\"verdict\": \"good\"",
		"\"verdict\": \"answers\"",
		"\"found\": \"found\"",
		"\"limited_by\": \"answers\"",
		"\"first_error\": null",
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strstr(text, parts[i]))
			fail_msg("%s is not in %s", parts[i], text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),         cmocka_unit_test(test_nothing_is_known),
		cmocka_unit_test(test_no_rate_holds), cmocka_unit_test(test_the_client_limits),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
