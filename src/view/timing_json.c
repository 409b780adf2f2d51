/* `unslow time --json`: schema unslow.time/1 (docs/time.schema.json). */
#include "base/json.h"
#include "timing/counter.h"
#include "view/timing.h"

#define DIGITS 6

static void interval(struct json *j, const char *key, const struct stats_interval *v)
{
	json_key(j, key);
	json_object(j);
	json_put_number(j, "low", v->low, DIGITS);
	json_put_number(j, "mid", v->mid, DIGITS);
	json_put_number(j, "high", v->high, DIGITS);
	json_object_end(j);
}

/* By metric: key of a member of the interval's object. */
static void intervals(struct json *j, const struct stats_interval *values)
{
	static const char *const keys[] = {"wall_ns", "cpu_ns", "instructions"};
	for (int metric = 0; metric < TIMING_METRICS; metric++)
		interval(j, keys[metric], &values[metric]);
}

static void against(struct json *j, const struct timing_page *p, size_t row)
{
	static const char *const verdicts[] = {
		[TIMING_CANNOT_TELL] = "cannot-tell",
		[TIMING_SAME] = "no-difference",
		[TIMING_SLOWER] = "slower",
		[TIMING_FASTER] = "faster",
	};
	char words[TIMING_WORDS_SIZE];
	json_key(j, "against_a");
	if (row == 0) {
		json_null(j);
		return;
	}
	json_object(j);
	for (int metric = 0; metric < TIMING_METRICS; metric++) {
		const struct timing_change *c = &p->result->rows[row].against[metric];
		json_key(j, timing_metric_names[metric]);
		json_object(j);
		interval(j, "change", &c->change);
		json_put_number(j, "chance", c->chance, DIGITS);
		json_put_text(j, "verdict", verdicts[c->verdict]);
		json_put_text(
			j, "text",
			timing_verdict_words(p->result, row, (enum timing_metric)metric, words));
		json_object_end(j);
	}
	json_object_end(j);
}

static void snippet(struct json *j, const struct timing_page *p, size_t row)
{
	const struct timing_row *r = &p->result->rows[row];
	const char name[] = {(char)('A' + row), '\0'};
	json_object(j);
	json_put_text(j, "name", name);
	json_put_text(j, "code", p->plan->snippets[row].code);
	json_put_text(j, "setup", p->plan->snippets[row].setup);
	json_put_uint(j, "loops", p->data->loops[row]);
	intervals(j, r->value);
	json_put_number(j, "least_ns", r->least_ns, DIGITS);
	json_key(j, "processes_ns");
	json_array(j);
	for (size_t i = 0; i < p->data->process_count; i++)
		json_number(j, r->by_process[i], DIGITS);
	json_array_end(j);
	against(j, p, row);
	json_object_end(j);
}

static void noise(struct json *j, const struct timing_result *r)
{
	json_key(j, "noise");
	json_object(j);
	for (int metric = 0; metric < TIMING_METRICS; metric++) {
		json_key(j, timing_metric_names[metric]);
		json_object(j);
		interval(j, "change", &r->again[metric].change);
		json_put_number(j, "floor", r->floor[metric], DIGITS);
		json_object_end(j);
	}
	json_object_end(j);
}

void view_timing_json(const struct timing_page *page, FILE *out)
{
	const struct timing_data *d = page->data;
	char text[TIMING_NOTE_SIZE];
	struct json j;
	json_document(&j, out, "unslow.time/1");
	json_put_text(&j, "python", *d->executable ? d->executable : page->plan->python);
	json_put_text(&j, "version", d->version);
	json_key(&j, "collector");
	json_bool(&j, page->plan->collects);
	json_put_number(&j, "took_s", (double)d->took_ns / 1e9, DIGITS);
	json_key(&j, "interrupted");
	json_bool(&j, d->interrupted);
	json_put_uint(&j, "processes", d->process_count);
	json_put_uint(&j, "rounds", page->result->rounds);
	json_put_uint(&j, "blocks", page->result->blocks);
	json_put_uint(&j, "interrupted_blocks", page->result->interrupted);
	json_put_text(&j, "basis",
		      page->result->basis == TIMING_BY_PROCESS ? "processes" : "rounds");
	json_put_text(&j, "decides", timing_metric_names[page->result->decides]);
	json_put_text(&j, "no_instructions_because",
		      d->counter_errno ? counter_why_not(d->counter_errno) : NULL);
	json_key(&j, "empty_loop");
	json_object(&j);
	intervals(&j, page->result->empty);
	json_object_end(&j);
	noise(&j, page->result);
	json_key(&j, "notes");
	json_array(&j);
	for (size_t at = 0; timing_note(page, at, text); at++)
		json_string(&j, text);
	json_array_end(&j);
	json_key(&j, "snippets");
	json_array(&j);
	for (size_t row = 0; row < d->snippets; row++)
		snippet(&j, page, row);
	json_array_end(&j);
	json_object_end(&j);
	fputc('\n', out);
}
