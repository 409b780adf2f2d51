#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "view/text.h"
#include "view/view.h"

static struct place places[] = {
	{"/srv/\x1b[31mapp.py", 14, "handler", "with engine.connect() as c:"}};
static struct evidence evidence[] = {{"connections opened and not kept", 1, "per request"}};
static struct reason reasons[] = {{"db-pool-churn", "1.00 opened per request"}};
static struct finding findings[] = {
	{.cause = "db-connection-per-request",
	 .rank = 1,
	 .confidence = CONFIDENCE_PROVEN,
	 .title = "A database connection (SQLite) is opened and closed in every request.",
	 .where = places,
	 .where_count = 1,
	 .share = 0.55,
	 .saving = {.known = true, .service_ms = 0.40, .low_ms = 0.33, .high_ms = 0.46},
	 .evidence = evidence,
	 .evidence_count = 1,
	 .excluded = reasons,
	 .excluded_count = 1,
	 .fix = "create the engine once",
	 .because = "40 of 40 requests"},
	{.cause = "fd-leak",
	 .will_fail = true,
	 .rank = 1,
	 .confidence = CONFIDENCE_LIKELY,
	 .title = "A file is opened here and never closed.",
	 .where = places,
	 .where_count = 1,
	 .fix = "close it",
	 .because = "50 of 50",
	 .hours_to_limit = 2.5},
};
static struct alternative alternatives[] = {{"async", 0, 0.06, "it waits \"little\""}};
static const char *notes[] = {
	"4 requests: what can be counted speaks; statistical causes need 27 more"};

static struct diagnosis sample(void)
{
	struct diagnosis d = {
		.command = "gunicorn app:app",
		.python = "3.12.1",
		.window_s = 30,
		.basis = "request",
		.has_requests = true,
		.requests = 4,
		.mean_ms = 0.8,
		.p50_ms = 0.7,
		.p99_ms = 1.2,
		.findings = findings,
		.finding_count = 2,
		.ruled_out = reasons,
		.ruled_out_count = 1,
		.alternatives = alternatives,
		.alternative_count = 1,
		.notes = notes,
		.note_count = 1,
		.client = {.seen = 3,
			   .unanswered = 1,
			   .response_ms = 8,
			   .before_ms = 6,
			   .server_ms = 1.6,
			   .after_ms = 0.4},
		.proof = "requests --slowest 10",
		.probe = {.engine = "agent", .slowdown_low = -1, .slowdown_high = -1},
	};
	d.ledger[LEDGER_PYTHON] = 0.4;
	d.ledger[LEDGER_IO_DB] = 0.6;
	return d;
}

static char *text_of(bool colour, int width)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct diagnosis d = sample();
	view_why_text(&d, out, colour, width);
	fclose(out);
	return text;
}

static void in_order_and_narrow(void **state)
{
	(void)state;
	static const char *const order[] = {
		"gunicorn app:app",
		"opened and closed in every",
		"app.py:14",
		"Fix",
		"create the engine once",
		"Gain",
		"0.40 ms a request (0.33 ms to 0.46 ms)",
		"Sure",
		"proven",
		"Will fail",
		"Risk  if nothing is done, the limit is reached in 2.5 hours at the rate seen",
		"Time of one request",
		"database",
		"unexplained",
		"The same for its client (mean 8.00 ms",
		", of 3 requests answered)",
		"before app     6.00 ms  75.0 %",
		"in the app     1.60 ms  20.0 %",
		"on its way     0.40 ms   5.0 %",
		"1 more had no answer",
		"Not the cause",
		"What would not cure it",
		"Watching cost",
		"more  unslow why --explain db-connection-per-request   ",
		"proof  unslow show requests --slowest 10"};
	char *text = text_of(false, 100);
	const char *at = text;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		at = strstr(at, order[i]);
		if (!at)
			fail_msg("\"%s\" is missing or out of order", order[i]);
	}
	for (char *rest, *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		assert_true(text_columns(line) <= 100);
	free(text);
}

static void hostile_text_is_cleaned(void **state)
{
	(void)state;
	char *text = text_of(false, 80);
	assert_null(strchr(text, '\x1b'));
	free(text);
}

/* Without its escape sequences the coloured page is the plain one. */
static void colours_change_nothing_else(void **state)
{
	(void)state;
	char *plain = text_of(false, 100), *coloured = text_of(true, 100), *to = coloured;
	assert_true(strlen(coloured) > strlen(plain));
	for (const char *from = coloured; *from;) {
		if (*from == '\x1b')
			from += strcspn(from, "m") + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	assert_string_equal(coloured, plain);
	free(plain);
	free(coloured);
}

static void json_has_the_fields(void **state)
{
	(void)state;
	static const char *const fields[] = {"\"schema\": \"unslow.findings/1\"",
					     "\"basis\": \"request\"",
					     "\"io_db\": 0.6",
					     "\"unanswered\": 1",
					     "\"before_ms\": 6",
					     "\"cause\": \"db-connection-per-request\"",
					     "\"list\": \"slow\"",
					     "\"confidence\": \"proven\"",
					     "\"service_ms\": 0.4",
					     "\"at_least\": false",
					     "\"list\": \"will-fail\"",
					     "\"saving\": null",
					     "\"because\": \"it waits \\\"little\\\"\"",
					     "\"slowdown\": null"};
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct diagnosis d = sample();
	view_why_json(&d, out);
	fclose(out);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!strstr(text, fields[i]))
			fail_msg("%s is missing in:\n%s", fields[i], text);
	assert_null(strchr(text, '\x1b'));
	free(text);
}

static void times(void **state)
{
	(void)state;
	char text[TEXT_TIME_SIZE];
	assert_string_equal(text_time_ms(0.0123, text), "0.012 ms");
	assert_string_equal(text_time_ms(0.4, text), "0.40 ms");
	assert_string_equal(text_time_ms(12.34, text), "12.3 ms");
	assert_string_equal(text_time_ms(250, text), "250 ms");
	assert_string_equal(text_time_ms(12345, text), "12.3 s");
}

static void figures(void **state)
{
	(void)state;
	char text[TEXT_FIGURE_SIZE];
	assert_string_equal(text_figure(0.3046, text), "0.305");
	assert_string_equal(text_figure(0.04714, text), "0.0471");
	assert_string_equal(text_figure(1.7631, text), "1.76");
	assert_string_equal(text_figure(93.46, text), "93.5");
	assert_string_equal(text_figure(25, text), "25");
	assert_string_equal(text_figure(19949.6, text), "19,950");
	assert_string_equal(text_figure(-1234567, text), "-1,234,567");
}

static const char *page_of(const struct diagnosis *d)
{
	static char page[8192];
	FILE *out = fmemopen(page, sizeof page, "w");
	view_why_text(d, out, false, 100);
	fclose(out);
	return page;
}

static const char *json_of(const struct diagnosis *d)
{
	static char text[16384];
	FILE *out = fmemopen(text, sizeof text, "w");
	view_why_json(d, out);
	fclose(out);
	return text;
}

/* A title names one route: so does its gain, before the mean over all. */
static void gain_of_one_route(void **state)
{
	(void)state;
	struct finding one = findings[0];
	one.route = "/orders";
	one.saving.unit_part = 0.25;
	struct diagnosis d = sample();
	d.findings = &one;
	d.finding_count = 1;
	const char *text = page_of(&d);
	assert_non_null(strstr(text, "1.60 ms in a request to /orders (1.32 ms to 1.84 ms); over"));
	assert_non_null(strstr(text, "0.40 ms: mean"));
	one.saving = (struct saving){.known = true, .at_least = true, .high_ms = 3};
	text = page_of(&d);
	assert_non_null(strstr(text, "not known: at most the "));
	assert_null(strstr(text, "none measured at this load"));
	one.share = 0;
	text = page_of(&d);
	assert_non_null(strstr(text, "none measured at this load"));
}

/* A lower bound whose upper end is known is a range, and who is not seen is said. */
static void gain_between_bounds(void **state)
{
	(void)state;
	struct finding one = findings[0];
	one.saving = (struct saving){.known = true,
				     .at_least = true,
				     .unseen = "not seen: clients in the backlog",
				     .low_ms = 0.1,
				     .service_ms = 0.1,
				     .high_ms = 0.5};
	struct diagnosis d = sample();
	d.findings = &one;
	d.finding_count = 1;
	const char *text = page_of(&d);
	assert_non_null(strstr(text, "0.10 ms to 0.50 ms a request: mean 0.80 ms → 0.70 ms to "
				     "0.30 ms, 1.0 s to 5.0 s per"));
	assert_non_null(strstr(text, "not seen: clients in the backlog"));
	one.saving.low_ms = one.saving.service_ms = 0;
	text = page_of(&d);
	assert_non_null(strstr(text, "cannot tell: no request that had begun was seen to"));
	assert_null(strstr(text, "at most"));
	assert_non_null(strstr(text, "and those that have not begun may wait"));
	assert_non_null(strstr(text, "clients in"));
}

/* An interval from nothing has no middle that could be promised: its end, and why. */
static void gain_that_may_be_nothing(void **state)
{
	(void)state;
	struct finding one = findings[0];
	one.saving = (struct saving){
		.known = true, .service_ms = 0.25, .high_ms = 0.5, .unseen = "no key came twice"};
	struct diagnosis d = sample();
	d.findings = &one;
	d.finding_count = 1;
	const char *text = page_of(&d);
	assert_non_null(strstr(text, "Gain  up to 0.50 ms a request, and perhaps nothing: mean "
				     "0.80 ms → 0.30 ms at best. It"));
	assert_non_null(strstr(text, "because no key came twice\n"));
	assert_null(strstr(text, "0.25 ms"));
	assert_non_null(strstr(json_of(&d), "\"unseen\": \"no key came twice\""));
	one.route = "/orders";
	one.saving.unit_part = 0.25;
	one.saving.unseen = NULL;
	text = page_of(&d);
	assert_non_null(strstr(text, "up to 2.00 ms in a request to /orders, and perhaps nothing: "
				     "mean 0.80 ms → 0.30 ms at\n"));
}

/* What passes before a unit begins makes no service time shorter. */
static void gain_before_the_app(void **state)
{
	(void)state;
	struct finding one = findings[0];
	struct diagnosis d = sample();
	one.before_app = true;
	one.saving = (struct saving){.known = true, .service_ms = 5.7, .low_ms = 4.2, .high_ms = 6};
	d.findings = &one;
	d.finding_count = 1;
	const char *text = page_of(&d);
	assert_non_null(strstr(text, "55 % of what clients wait\n"));
	assert_non_null(strstr(text, "the application begins a request 5.70 ms sooner (4.20 ms to "
				     "6.00 ms), and takes as"));
	assert_non_null(strstr(text, "its clients wait 8.00 ms → 2.30 ms in the mean\n"));
	assert_null(strstr(text, "mean 0.80 ms →"));
	d.client.seen = 0;
	assert_null(strstr(page_of(&d), "its clients wait"));
}

/* What will fail gains nothing: what comes of it is said, in a unit that can be grasped. */
static void what_will_fail_is_no_gain(void **state)
{
	(void)state;
	static const struct {
		double hours;
		const char *words;
	} left[] = {{0.5, "30 minutes"}, {2.5, "2.5 hours"}, {60, "2 days"}, {1e6, "years"}};
	struct finding one = findings[1];
	struct diagnosis d = sample();
	d.findings = &one;
	d.finding_count = 1;
	for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
		one.hours_to_limit = left[i].hours;
		const char *text = page_of(&d),
			   *risk = strstr(text, "     Risk  if nothing is done");
		assert_non_null(risk);
		assert_non_null(strstr(risk, left[i].words));
		assert_null(strstr(text, "Gain"));
	}
	one.hours_to_limit = -1;
	assert_null(strstr(page_of(&d), "Risk"));
}

/* No saving is claimed; the most that it can be is said, and what it hangs on. */
static void gain_at_most(void **state)
{
	(void)state;
	struct finding one = findings[0];
	one.saving =
		(struct saving){.at_most_ms = 0.5, .unseen = "whether it can be kept is not seen"};
	struct diagnosis d = sample();
	d.findings = &one;
	d.finding_count = 1;
	const char *text = page_of(&d);
	assert_non_null(
		strstr(text, "at most 0.50 ms a request: mean 0.80 ms → 0.30 ms; whether it"));
	text = json_of(&d);
	assert_non_null(strstr(text, "\"saving\": null"));
	assert_non_null(strstr(text, "\"saving_at_most_ms\": 0.5"));
	one.saving.at_most_ms = 0;
	assert_null(strstr(page_of(&d), "at most 0"));
	assert_null(strstr(json_of(&d), "saving_at_most_ms"));
}

/* The share stands beside a title that does not have it. */
static void no_share_is_said_twice(void **state)
{
	(void)state;
	struct finding one = findings[0];
	struct diagnosis d = sample();
	d.findings = &one;
	d.finding_count = 1;
	assert_non_null(strstr(page_of(&d), "55 % of request time\n"));
	one.title = "copy.deepcopy takes 55 % of a request.";
	assert_null(strstr(page_of(&d), "55 % of request time"));
	one.title = "55 % of a request is sleep.";
	assert_null(strstr(page_of(&d), "55 % of request time"));
	one.title = "copy.deepcopy takes 155 % of a request.";
	assert_non_null(strstr(page_of(&d), "55 % of request time\n"));
}

/* A bound of nothing is no saving of nothing. */
static void json_of_a_bound(void **state)
{
	(void)state;
	struct finding one = findings[0];
	one.saving = (struct saving){.known = true, .at_least = true, .high_ms = 0.5};
	struct diagnosis d = sample();
	d.findings = &one;
	d.finding_count = 1;
	assert_non_null(strstr(json_of(&d), "\"service_ms\": null"));
}

static void proof_names_the_recording(void **state)
{
	(void)state;
	struct diagnosis d = sample();
	assert_non_null(strstr(page_of(&d), "unslow show requests --slowest 10\n"));
	d.recording = "/tmp/a.rec";
	assert_non_null(strstr(page_of(&d), "unslow show requests --slowest 10 /tmp/a.rec\n"));
	d.recording = "/tmp/a b.rec";
	assert_non_null(strstr(page_of(&d), "--slowest 10 '/tmp/a b.rec'\n"));
}

static void server_that_is_the_framework(void **state)
{
	(void)state;
	struct diagnosis d = sample();
	d.server = d.framework = "aiohttp 3.11.11";
	const char *text = strstr(page_of(&d), "aiohttp 3.11.11");
	assert_non_null(text);
	assert_null(strstr(text + 1, "aiohttp 3.11.11"));
}

static void together_is_in_words(void **state)
{
	(void)state;
	struct diagnosis d = sample();
	d.what_if.together = 2;
	d.what_if.together_ms = 0.5;
	assert_non_null(strstr(
		page_of(&d), "  Cured together, the 2 causes with a gain save 0.50 ms a request"));
}

/* The largest first, what is not explained last; no row ends in blanks, none is -0.00. */
static void states_by_size(void **state)
{
	(void)state;
	struct diagnosis d = sample();
	d.ledger[LEDGER_PYTHON] = 0.3;
	d.ledger[LEDGER_IO_NET] = 0.1;
	d.client_share = 0.09999999;
	d.ledger[LEDGER_UNEXPLAINED] = -1e-9;
	const char *text = page_of(&d);
	const char *database = strstr(text, "  database "), *python = strstr(text, "  python "),
		   *client = strstr(text, "  to client "), *rest = strstr(text, "  unexplained ");
	assert_true(database && python && client && rest);
	assert_true(database < python && python < client && client < rest);
	assert_null(strstr(text, "-0.0"));
	assert_null(strstr(text, " \n"));
}

/* Parts that sum to more than passed are scaled, and that is said. */
static void what_was_measured_beyond_is_said(void **state)
{
	(void)state;
	struct diagnosis d = sample();
	assert_null(strstr(page_of(&d), "measured than passed"));
	d.over_share = 0.031;
	assert_non_null(strstr(page_of(&d), "  3.1 % more was measured than passed: these parts"));
	assert_non_null(strstr(json_of(&d), "\"over_share\": 0.031"));
}

/* What a recording cannot tell stands apart from what it rules out. */
static void not_known_is_said(void **state)
{
	(void)state;
	struct reason open[] = {{"lock-contention", "83.0 % is awaiting"},
				{"slow-upstream", "83.0 % is awaiting"}};
	struct diagnosis d = sample();
	d.not_known = open;
	d.not_known_count = 2;
	const char *text = page_of(&d);
	const char *no = strstr(text, "Not the cause"), *unknown = strstr(text, "Not known");
	assert_true(no && unknown && no < unknown);
	assert_true(strstr(text, "slow-upstream") > unknown);
	assert_non_null(strstr(text, "slow-upstream                the same\n"));
}

/* Only what could take off little stands under "would not cure it". */
static void remedies_by_size(void **state)
{
	(void)state;
	struct alternative list[] = {{"async", 0, 0, "a"},
				     {"cache", 0, 0.42, "b"},
				     {"threads", 0, 0.002, "c"},
				     {"more-cores", 0, 0.09, "d"}};
	struct diagnosis d = sample();
	d.alternatives = list;
	d.alternative_count = 4;
	const char *text = page_of(&d);
	const char *no = strstr(text, "What would not cure it"),
		   *besides = strstr(text, "Could help besides");
	assert_true(no && besides && no < besides);
	assert_true(strstr(no, "more-cores") < besides && strstr(no, "threads") < besides);
	assert_true(strstr(text, "cache") > besides);
}

/* It has no number, no fix and no level. */
static void nothing_found_looks_like_no_finding(void **state)
{
	(void)state;
	struct finding none = {.cause = "nothing-wrong",
			       .rank = 1,
			       .confidence = CONFIDENCE_POSSIBLE,
			       .title = "No known cause was found; 99 % of a request is sleep.",
			       .fix = "start with the largest part",
			       .because = "200 requests; none of the 78 causes was found"};
	struct diagnosis d = sample();
	d.findings = &none;
	d.finding_count = 1;
	const char *text = page_of(&d);
	assert_non_null(
		strstr(text, "\n  No known cause was found; 99 % of a request is sleep.\n"));
	assert_non_null(strstr(text, "     Next  start with the largest part\n"));
	assert_non_null(strstr(text, "     Seen  200 requests; none of the 78"));
	assert_null(strstr(text, "Fix"));
	assert_null(strstr(text, "possible"));
}

static void what_watching_cost_is_one_figure_and_its_bounds(void **state)
{
	(void)state;
	struct diagnosis d = sample();
	d.probe.cpu_share = 0.025;
	d.probe.slowdown_low = 0.032;
	d.probe.slowdown = 0.096;
	d.probe.slowdown_high = 0.13;
	assert_non_null(strstr(page_of(&d), "2.5 % of a core, about 9.6 % of request time "
					    "(3.2 to 13.0 %); 0 records lost"));
}

static void another_name_of_the_same_time_is_called_so(void **state)
{
	(void)state;
	const char *seen_as[] = {"hot-python-loop", "deep-copy"};
	struct finding one = findings[0];
	struct diagnosis d = sample();
	one.also_seen_as = seen_as;
	one.also_seen_count = 2;
	one.excluded_count = 0;
	d.findings = &one;
	d.finding_count = 1;
	assert_non_null(strstr(page_of(&d), "40 of 40 requests; other names of the same time: "
					    "hot-python-loop, deep-copy\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_and_narrow),
		cmocka_unit_test(hostile_text_is_cleaned),
		cmocka_unit_test(colours_change_nothing_else),
		cmocka_unit_test(json_has_the_fields),
		cmocka_unit_test(times),
		cmocka_unit_test(figures),
		cmocka_unit_test(gain_of_one_route),
		cmocka_unit_test(remedies_by_size),
		cmocka_unit_test(gain_between_bounds),
		cmocka_unit_test(gain_that_may_be_nothing),
		cmocka_unit_test(gain_before_the_app),
		cmocka_unit_test(what_will_fail_is_no_gain),
		cmocka_unit_test(gain_at_most),
		cmocka_unit_test(no_share_is_said_twice),
		cmocka_unit_test(json_of_a_bound),
		cmocka_unit_test(together_is_in_words),
		cmocka_unit_test(proof_names_the_recording),
		cmocka_unit_test(server_that_is_the_framework),
		cmocka_unit_test(states_by_size),
		cmocka_unit_test(what_was_measured_beyond_is_said),
		cmocka_unit_test(not_known_is_said),
		cmocka_unit_test(nothing_found_looks_like_no_finding),
		cmocka_unit_test(what_watching_cost_is_one_figure_and_its_bounds),
		cmocka_unit_test(another_name_of_the_same_time_is_called_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
