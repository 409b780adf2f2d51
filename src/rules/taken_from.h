/* Does a file take entries out of what it keeps: `NAME.popitem(`, `del NAME[`? Read off the source.
 * What has a bound of its own is a cache that fills until it has come to that.
 *
 * Strings and comments are not looked at. The text may be anything; nothing is kept.
 */
#ifndef UNSLOW_RULES_TAKEN_FROM_H
#define UNSLOW_RULES_TAKEN_FROM_H

/* `text`: a whole file; `name`: of the container, or what it ends with ("app.seen": seen). The
 * first line that does so, from 1; 0: none that is understood. */
int taken_from(const char *text, const char *name);

#endif
