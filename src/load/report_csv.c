#include "load/report.h"

void load_report_csv(const struct load_report *report, FILE *out)
{
	const struct timeline *t = &report->result->timeline;
	fputs("at_s,due,completed,errors,p50_ms,p99_ms,max_ms\n", out);
	for (size_t i = 0; i < t->count; i++) {
		const struct timeline_row *row = &t->rows[i];
		fprintf(out, "%.0f,%u,%u,%u,%.4g,%.4g,%.6g\n", (double)(i * t->row_ns) / 1e9,
			row->due, row->completed, row->errors,
			(double)timeline_row_at(row, 0.5) / 1e6,
			(double)timeline_row_at(row, 0.99) / 1e6, (double)row->longest_ns / 1e6);
	}
}
