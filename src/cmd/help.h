/* What is told about the verbs, all of it from their table: help pages, the
 * words for completion, the man page.
 */
#ifndef UNSLOW_CMD_HELP_H
#define UNSLOW_CMD_HELP_H

#include <stdio.h>

#include "cmd/cmd.h"

void help_all(FILE *out);
void help_verb(const struct verb *verb, FILE *out);
/* A line a verb and a line an option, fields separated by tabs:
 *     verb NAME SUMMARY
 *     option VERB --NAME -LETTER VALUE HELP ("" where there is none; VERB "" = every verb) */
void help_completion(FILE *out);
/* man(7) source of unslow(1). */
void help_man(FILE *out);

#endif
