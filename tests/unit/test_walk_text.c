/* Rows of references as expressions: each kind of root and step, and what is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/walk_text.h"

/* The labels of a row, one after another. */
static char text[400];
static uint32_t text_bytes;

static struct walk_text label(const char *name)
{
	const struct walk_text at = {text_bytes, name ? (uint32_t)strlen(name) : 0};
	if (name)
		memcpy(text + text_bytes, name, at.length);
	text_bytes += at.length;
	return at;
}

static struct walk_edge edge(uint32_t kind, const char *name, uint64_t index)
{
	return (struct walk_edge){
		.kind = kind, .label = label(name), .index = index, .length = WALK_UNKNOWN};
}

#define STEP(kind, name) edge(kind, name, WALK_UNKNOWN)
#define AT(index) edge(WALK_INDEX, NULL, index)

static void assert_text(const struct walk_edge *edges, uint32_t count, const char *wanted)
{
	struct str out;
	str_init(&out, 1000);
	walk_text_write(edges, count, text, text_bytes, &out);
	assert_string_equal(out.text, wanted);
	str_free(&out);
	text_bytes = 0;
}

#define ASSERT_TEXT(wanted, ...) \
	do { \
		const struct walk_edge row[] = {__VA_ARGS__}; \
		assert_text(row, sizeof row / sizeof *row, wanted); \
	} while (0)

static void test_modules_and_classes(void **state)
{
	(void)state;
	ASSERT_TEXT("app.views.CACHE['k'][1204].rows", STEP(WALK_MODULE, "app.views"),
		    STEP(WALK_VARIABLE, "CACHE"), STEP(WALK_KEY, "k"), AT(1204),
		    STEP(WALK_ATTRIBUTE, "rows"));
	ASSERT_TEXT("app.Client.seen[…]{…}", STEP(WALK_CLASS, "app.Client"),
		    STEP(WALK_VARIABLE, "seen"), STEP(WALK_KEY, NULL), STEP(WALK_MEMBER, NULL));
	ASSERT_TEXT("app.add.__defaults__[0][7]", STEP(WALK_MODULE, "app"),
		    STEP(WALK_VARIABLE, "add"), edge(WALK_DEFAULT, NULL, 0), AT(7));
	ASSERT_TEXT("app.add.__kwdefaults__['to']", STEP(WALK_MODULE, "app"),
		    STEP(WALK_VARIABLE, "add"), STEP(WALK_DEFAULT, "to"));
	ASSERT_TEXT("app.inner.__closure__['memo']", STEP(WALK_MODULE, "app"),
		    STEP(WALK_VARIABLE, "inner"), STEP(WALK_CLOSURE, "memo"));
}

static void test_a_cache_says_how_it_is_used(void **state)
{
	struct walk_edge row[3];
	(void)state;
	row[0] = STEP(WALK_CACHE, "app.render");
	row[0].length = 5013;
	row[0].numbers[0] = WALK_UNKNOWN;
	row[0].numbers[1] = 3;
	row[1] = STEP(WALK_KEY, NULL);
	assert_text(row, 2,
		    "functools.lru_cache of app.render (maxsize=None, 5013 entries, 3 hits)");
	row[0] = STEP(WALK_CACHE, "app.Client.get");
	row[0].length = 128;
	row[0].numbers[0] = 128;
	row[0].numbers[1] = 0;
	row[1] = STEP(WALK_IS_KEY, NULL);
	row[2] = AT(0);
	assert_text(row, 3,
		    "functools.lru_cache of app.Client.get (maxsize=128, 128 entries, 0 hits), a "
		    "key[0]");
}

static void test_frames_and_exceptions(void **state)
{
	(void)state;
	ASSERT_TEXT("main() that runs: rows[3]", STEP(WALK_FRAME, "main"), STEP(WALK_LOCAL, "rows"),
		    AT(3));
	ASSERT_TEXT("reader(), suspended: batch", STEP(WALK_SUSPENDED, "reader"),
		    STEP(WALK_LOCAL, "batch"));
	ASSERT_TEXT("app.last.__traceback__.tb_frame.f_locals['body']", STEP(WALK_MODULE, "app"),
		    STEP(WALK_VARIABLE, "last"), edge(WALK_TRACEBACK, NULL, 2),
		    STEP(WALK_LOCAL, "body"));
	ASSERT_TEXT("app.hooks[0].__self__", STEP(WALK_MODULE, "app"), STEP(WALK_VARIABLE, "hooks"),
		    AT(0), STEP(WALK_BOUND, NULL));
	ASSERT_TEXT("app.local.rows (thread-local)", STEP(WALK_MODULE, "app"),
		    STEP(WALK_VARIABLE, "local"), STEP(WALK_THREAD_LOCAL, "rows"));
	ASSERT_TEXT("(a thread's state), context variable asked[…]", STEP(WALK_THREAD, NULL),
		    STEP(WALK_CONTEXT, "asked"), STEP(WALK_KEY, NULL));
}

static void test_what_is_not_known(void **state)
{
	struct walk_edge outside = STEP(WALK_MODULE, "app");
	(void)state;
	ASSERT_TEXT("(held by C code)→", STEP(WALK_C_HOLDER, NULL), STEP(WALK_IN_C, NULL));
	ASSERT_TEXT("(a cycle, not yet collected)", STEP(WALK_NO_HOLDER, NULL));
	ASSERT_TEXT("(not followed further).x", STEP(WALK_TOO_FAR, NULL),
		    STEP(WALK_ATTRIBUTE, "x"));
	ASSERT_TEXT("(a module).…[…]?", STEP(WALK_MODULE, NULL), STEP(WALK_VARIABLE, NULL),
		    edge(WALK_INDEX, NULL, WALK_UNKNOWN), STEP(77, NULL));
	/* a label that the file does not have */
	outside.label = (struct walk_text){300, UINT32_MAX};
	assert_text(&outside, 1, "(a module)");
}

static void test_roots_have_names(void **state)
{
	(void)state;
	assert_string_equal(walk_root_name(WALK_CACHE), "cache");
	assert_string_equal(walk_root_name(WALK_TOO_FAR), "far");
	assert_null(walk_root_name(WALK_KEY));
	assert_null(walk_root_name(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modules_and_classes),
		cmocka_unit_test(test_a_cache_says_how_it_is_used),
		cmocka_unit_test(test_frames_and_exceptions),
		cmocka_unit_test(test_what_is_not_known),
		cmocka_unit_test(test_roots_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
