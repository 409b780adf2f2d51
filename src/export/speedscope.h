/* What speedscope files have around their stacks, for both that write some: a file, its frames,
 * then a profile a thread, whose stacks come first and then as many weights.
 *
 *     speedscope_file() speedscope_frame()… speedscope_profiles()
 *         ( speedscope_begin() stack… speedscope_weights() weight… speedscope_end() )…
 *     speedscope_file_end()
 */
#ifndef UNSLOW_EXPORT_SPEEDSCOPE_H
#define UNSLOW_EXPORT_SPEEDSCOPE_H

#include <stdio.h>

#include "base/json.h"

/* Text is cleaned here. */
void speedscope_file(struct json *j, const char *name, FILE *out);
/* file "": none; line 0: none. */
void speedscope_frame(struct json *j, const char *name, const char *file, int line);
void speedscope_profiles(struct json *j);
/* `unit`: of the weights, as the schema names it ("nanoseconds", "bytes"). */
void speedscope_begin(struct json *j, const char *thread, const char *unit);
void speedscope_weights(struct json *j);
void speedscope_end(struct json *j, double end_ns);
void speedscope_file_end(struct json *j, FILE *out);

#endif
