/* `unslow diff --json`: schema unslow.diff/1 (docs/diff.schema.json). */
#include "base/json.h"
#include "model/runs.h"
#include "view/diff.h"

#define DIGITS 6

/* a, b, change, floor, chance, chance_most, assumed, verdict. */
static void row(struct json *j, const struct compare_row *r, const char *words)
{
	static const char *const verdicts[] = {
		[COMPARE_CANNOT_TELL] = "cannot-tell",
		[COMPARE_SAME] = "no-difference",
		[COMPARE_MORE] = "more",
		[COMPARE_LESS] = "less",
	};
	json_put_number(j, "a", r->a, DIGITS);
	json_put_number(j, "b", r->b, DIGITS);
	json_key(j, "change");
	json_object(j);
	json_put_number(j, "low", r->change.low, DIGITS);
	json_put_number(j, "mid", r->change.mid, DIGITS);
	json_put_number(j, "high", r->change.high, DIGITS);
	json_object_end(j);
	json_put_number(j, "floor", r->floor, DIGITS);
	json_put_number(j, "chance", r->chance, DIGITS);
	json_put_number(j, "chance_most", r->chance_most, DIGITS);
	json_put_number(j, "assumed", r->assumed, DIGITS);
	json_put_text(j, "verdict", verdicts[r->verdict]);
	json_put_text(j, "text", words);
}

static void metrics(struct json *j, const struct comparison_metric *list, size_t n, size_t pairs)
{
	char words[DIFF_VERDICT_SIZE];
	json_key(j, "metrics");
	json_array(j);
	for (size_t i = 0; i < n; i++) {
		const struct run_metric_info *info = &run_metrics[list[i].metric];
		json_object(j);
		json_put_text(j, "name", info->name);
		json_put_text(j, "unit", *info->unit ? info->unit : NULL);
		json_put_text(j, "change_is",
			      info->scale == COMPARE_RATIO ? "ratio" : "difference");
		row(j, &list[i].row, diff_verdict(&list[i], pairs, words));
		json_object_end(j);
	}
	json_array_end(j);
}

static void side(struct json *j, const char *key, const struct comparison_side *s)
{
	json_key(j, key);
	json_object(j);
	json_put_text(j, "name", s->name);
	json_put_uint(j, "requests", s->requests);
	json_put_uint(j, "invalid", s->invalid);
	json_object_end(j);
}

static void blocks(struct json *j, const struct comparison *c)
{
	json_key(j, "blocks");
	json_array(j);
	for (size_t i = 0; c->blocks[0] && i < c->pairs; i++) {
		json_object(j);
		for (int s = 0; s < 2; s++) {
			json_key(j, s ? "b" : "a");
			json_object(j);
			for (size_t m = 0; m < c->metric_count; m++)
				json_put_number(j, run_metrics[c->metrics[m].metric].name,
						c->blocks[s][i].value[c->metrics[m].metric],
						DIGITS);
			json_object_end(j);
		}
		json_object_end(j);
	}
	json_array_end(j);
}

static void routes(struct json *j, const struct comparison *c)
{
	json_key(j, "routes");
	json_array(j);
	for (size_t i = 0; i < c->route_count; i++) {
		const struct comparison_route *r = &c->routes[i];
		json_object(j);
		json_put_text(j, "route", r->route);
		json_put_uint(j, "requests_a", r->requests[0]);
		json_put_uint(j, "requests_b", r->requests[1]);
		metrics(j, r->metrics, r->metric_count, c->pairs);
		json_object_end(j);
	}
	json_array_end(j);
}

static void states(struct json *j, const struct comparison *c)
{
	char words[DIFF_VERDICT_SIZE];
	json_key(j, "states");
	json_array(j);
	for (size_t i = 0; i < c->state_count; i++) {
		json_object(j);
		json_put_text(j, "state", ledger_state_names[c->states[i].state]);
		row(j, &c->states[i].row, diff_state_verdict(&c->states[i].row, c->pairs, words));
		json_object_end(j);
	}
	json_array_end(j);
}

static void line_or_null(struct json *j, const char *key, int line)
{
	json_key(j, key);
	if (line > 0)
		json_int(j, line);
	else
		json_null(j);
}

static void lines(struct json *j, const struct comparison *c)
{
	json_put_text(j, "line_source", c->line_source);
	json_key(j, "lines");
	json_array(j);
	for (size_t i = 0; i < c->line_count; i++) {
		const struct comparison_line *l = &c->lines[i];
		json_object(j);
		json_put_text(j, "file", l->file);
		json_put_text(j, "file_b", l->file_b);
		json_put_text(j, "function", l->function);
		line_or_null(j, "line_a", l->line[0]);
		line_or_null(j, "line_b", l->line[1]);
		json_put_number(j, "a_ms", l->ms[0], DIGITS);
		json_put_number(j, "b_ms", l->ms[1], DIGITS);
		json_put_number(j, "error_ms", l->error_ms, DIGITS);
		json_object_end(j);
	}
	json_array_end(j);
}

void view_diff_json(const struct comparison *c, FILE *out)
{
	struct json j;
	json_document(&j, out, "unslow.diff/1");
	side(&j, "a", &c->sides[0]);
	side(&j, "b", &c->sides[1]);
	json_put_text(&j, "basis", comparison_basis_names[c->basis]);
	json_put_uint(&j, "pairs", c->pairs);
	json_put_text(&j, "decides",
		      c->decides < RUN_METRICS ? run_metrics[c->decides].name : NULL);
	json_put_text(&j, "unit", c->unit);
	json_key(&j, "warnings");
	json_array(&j);
	for (size_t i = 0; i < c->warning_count; i++)
		json_string(&j, c->warnings[i]);
	json_array_end(&j);
	metrics(&j, c->metrics, c->metric_count, c->pairs);
	routes(&j, c);
	states(&j, c);
	lines(&j, c);
	blocks(&j, c);
	json_object_end(&j);
	fputc('\n', out);
}
