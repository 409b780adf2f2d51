/* Small files of /proc and of control groups, as text.
 *
 * No memory but the caller's, no lock, no errno, no hook of ours: safe in any thread, in a signal
 * handler, and in the child that walks the heap.
 */
#ifndef UNSLOW_AGENT_PROC_TEXT_H
#define UNSLOW_AGENT_PROC_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define PROC_TEXT_NONE UINT64_MAX

/* As much of the file as `size` bytes hold, with a 0 behind it. Its length; 0: it cannot be read,
 * or says nothing. */
size_t proc_text_read(const char *path, char *text, size_t size);
/* The same of a file that is open, from its begin, in one call: what is shorter than a page. */
size_t proc_text_read_again(int fd, char *text, size_t size);

/* The decimal number at *at, behind blanks; *at is behind it then. PROC_TEXT_NONE: there is none
 * ("max"), and *at stays. */
uint64_t proc_text_number(const char **at);
/* The number behind `key` in "key value" lines ("key: value kB" gives bytes). */
uint64_t proc_text_value(const char *text, const char *key);

#endif
