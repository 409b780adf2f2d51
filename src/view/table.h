/* Rows as a table for people or as JSON for programs, from the same columns, so
 * that the two cannot disagree.
 *
 * A view is a row of the table in views.c: its columns (name, unit, type) and
 * the SELECT that fills them in that order. A column marked for one form only
 * is left out of the other.
 */
#ifndef UNSLOW_VIEW_TABLE_H
#define UNSLOW_VIEW_TABLE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>

#include "view/view.h"

/* Bytes are printed with a unit that fits; JSON has their number. */
enum cell { CELL_TEXT, CELL_INT, CELL_NUMBER, CELL_BYTES };
enum form { FORM_BOTH, FORM_TEXT, FORM_JSON };

struct view_column {
	const char *name;
	const char *unit; /* "" for none */
	enum cell type;
	int width;      /* of a text, at most; in the last column it may be longer */
	bool clip_left; /* paths: the end matters */
	enum form form; /* where it is shown */
	bool if_known;  /* text: left out where no row has a value */
	bool if_any;    /* text: left out where every value is 0, too */
	bool is_given;  /* text: an option takes it, so it is whole where there is no terminal */
	bool wraps;     /* the last column: below itself, where the terminal is too narrow */
};
#define VIEW_COLUMNS_MAX 40

/* A view about samples is headed by what the engines did and takes filters: all of them, or those
 * that choose threads. */
enum view_samples { SAMPLES_NONE, SAMPLES_BY_THREAD, SAMPLES_PROFILE };

/* Above the rows of a view, what is of the view alone. */
struct json;
struct str;
struct view_heads {
	/* Where there are no rows: why, and how to get some. Empty: there are none, which is an
	 * answer. */
	enum err_kind (*none)(sqlite3 *db, struct str *text, struct err *e);
	enum err_kind (*text)(sqlite3 *db, const struct view_options *o, FILE *out, struct err *e);
	/* Keys of an object that is open. */
	enum err_kind (*json)(sqlite3 *db, bool has_rows, struct json *j, struct err *e);
};

struct view_row {
	const char *name;
	const char *help;
	bool slowest;          /* the form behind --slowest */
	bool by_type;          /* the form behind --by type */
	bool takes_request;    /* --request goes with it */
	bool counted;          /* of counted calls or lines; the view of this name with samples
				  stands in where there are none */
	const char *json_name; /* NULL: name */
	const char *none;      /* text: where there are no rows; NULL: nothing of this kind */
	const char *head;      /* above the table: what its columns mean; NULL: nothing */
	long limit;            /* rows by default */
	const char *sql;       /* ?1 = limit */
	/* Before the SELECT: temporary tables it reads; NULL: none. */
	enum err_kind (*prepare)(sqlite3 *db, const struct view_options *o, struct err *e);
	enum view_samples samples;
	const struct view_heads *heads; /* NULL: none */
	/* Prints the rows as text in a way of its own; NULL: as a table. */
	void (*draw)(const struct view_row *v, sqlite3_stmt *row, const struct view_options *o,
		     FILE *out);
	struct view_column columns[VIEW_COLUMNS_MAX]; /* end: name NULL */
};

extern const struct view_row views[]; /* end: name NULL */

/* Text that says so, and what to type, where no process had the agent; else nothing. */
MUST_CHECK enum err_kind view_none_watched(sqlite3 *db, struct str *text, struct err *e);

/* Key "note" of an object that is open: null where there are rows, else what `none` says. */
MUST_CHECK enum err_kind view_note_json(sqlite3 *db, bool has_rows,
					enum err_kind (*none)(sqlite3 *db, struct str *text,
							      struct err *e),
					struct json *j, struct err *e);

/* There is a row at least. */
void table_text(const struct view_row *v, sqlite3_stmt *row, const struct view_options *o,
		FILE *out);
/* Keys "columns" and "rows" into an object that is open. */
void table_json(struct json *j, const struct view_row *v, sqlite3_stmt *row);

#endif
