/* The application's own text of a statement, where the driver writes values into it.
 *
 * psycopg2 and psycopg 3's ClientCursor put the parameters into the text, so
 * that the text on the wire differs each time although the application's
 * never does. Libraries that hand the text down in Python are hooked (a row
 * each): while such a call is under way on a thread, the note of its text
 * stands for what that thread sends (statement_own_text). Only a pointer and a length are noted:
 * the text belongs to a str that the caller holds for as long as the call lasts.
 *
 * Greenlets and tasks change places inside such a call. So a note serves only
 * the unit that left it, the newer one replaces the older one, and the end of a
 * call clears its own note, never brings back another.
 */
#ifndef UNSLOW_AGENT_SQL_TEXT_H
#define UNSLOW_AGENT_SQL_TEXT_H

#include "agent/descriptor.h"

extern struct hook_row sql_text_hooks[]; /* end: module NULL */

#endif
