#include "view/calls_part.h"

void calls_part_text(struct str *text, const char *what, const struct calls_cost *cost)
{
	if (!cost->duty)
		return;
	if (!cost->paused)
		str_add(text, "--duty pauses between requests, or between calls of a function that "
			      "has most of the time, again and again, and there was neither: all "
			      "was counted");
	else if (cost->part > 0)
		str_printf(text,
			   "%s were counted in part of the time only (--duty): in %.0f %% of the "
			   "%s%s; counts and times are of that part",
			   what, 100 * cost->part, *cost->repeats ? "calls of " : "requests",
			   cost->repeats);
	else
		str_printf(text,
			   "%s were counted in part of the time only (--duty), in what share is "
			   "not known; counts and times are of that part",
			   what);
}

void calls_part_json(struct json *j, const char *what, const struct calls_cost *cost)
{
	struct str text;
	json_key(j, "part");
	if (!cost->duty || !cost->paused) {
		json_null(j);
		return;
	}
	str_init(&text, 300);
	calls_part_text(&text, what, cost);
	json_object(j);
	json_key(j, "share");
	if (cost->part > 0)
		json_number(j, cost->part, 4);
	else
		json_null(j);
	json_put_text(j, "note", text.text);
	json_object_end(j);
	str_free(&text);
}
