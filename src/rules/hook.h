/* Does a file have the interpreter call one of its functions at each call or line: is it given to
 * sys.setprofile(), sys.settrace() or one of their kind? Read off the source: the caller of such a
 * function is whatever code runs.
 *
 * Strings and comments are not looked at. The text may be anything; nothing is kept.
 */
#ifndef UNSLOW_RULES_HOOK_H
#define UNSLOW_RULES_HOOK_H

/* `text`: a whole file; `function`: its qualified name, or the last part of it. What it is given
 * to, as "setprofile"; NULL: nothing that is understood. */
const char *hook_given_to(const char *text, const char *function);

#endif
