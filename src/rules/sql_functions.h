/* The C functions that rules may call, beside those of SQLite.
 *
 *     sqlfp(text)             fingerprint of a statement (base/sqlfp.h)
 *     package_of(path)        "sqlalchemy" of …/site-packages/sqlalchemy/pool.py, else NULL
 *     base_name(path)         last part of a path
 *     ms(ns)                  "0.42 ms", "12 ms", "3.1 s": three figures at most
 *     size(bytes)             "0.7412 KiB", "46.92 MiB": four figures at most
 *     source_at(file, line, t)  text of a line, if the file is here and was not changed after t
 *     ambiguous_pattern(text) 1: a pattern in it can match in many ways (pattern.h)
 *     rows_counted(file, first, line, t)      "14 return len(rows)": the line of the
 *                             function that begins at `first` which only counts the rows
 *                             asked for at `line` (row_use.h)
 *     square_source(file, line, t)    why its work grows with a square (square.h)
 *     given_to(file, function, t)     "setprofile": the file gives it to that (hook.h)
 *     taken_from(file, name, t)       the line of it that takes entries out (taken_from.h)
 *     version_key(text)       text that sorts as versions do (version_key.h); NULL: none
 *     counted(n, noun)        "1 request", "3 requests"
 *     share_low(k, n)  share_high(k, n)       95 % interval of a share found in k of n looks
 *     spread_low(k, n, m)  spread_high(k, n, m)   ends of a saving that is such a share, as factors
 *                             of its middle: 90 % interval of the share together with `m`, what the
 *                             rule's formula is off by (0.85, 1.2)
 *   aggregates, NULLs left out, NULL when they cannot be computed:
 *     median(x)  percentile(x, q)  midmean(x)
 *     boot_low(x)  boot_high(x)               95 % interval of midmean(x)
 *     slope(x, y)  slope_low(x, y)  slope_high(x, y)   y over x, 95 % interval
 *     fit_intercept(x, y)
 */
#ifndef UNSLOW_RULES_SQL_FUNCTIONS_H
#define UNSLOW_RULES_SQL_FUNCTIONS_H

#include <sqlite3.h>

#include "base/err.h"

MUST_CHECK enum err_kind sql_functions_register(sqlite3 *db, struct err *e);

#endif
