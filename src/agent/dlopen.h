/* dlopen and dlmopen: where new relocation slots come from.
 *
 * The loader looks at who called it to find RUNPATH and namespace, so for a
 * bare name the caller must stay the caller: the wrapper jumps, it does not
 * call, and the scan waits for the next occasion (slots_mark_pending). A name
 * with a slash is searched nowhere: there the wrapper calls and scans at once.
 */
#ifndef UNSLOW_AGENT_DLOPEN_H
#define UNSLOW_AGENT_DLOPEN_H

/* The loader's own dlopen, for the agent's own needs. */
void *dlopen_real(const char *file, int mode);

#endif
