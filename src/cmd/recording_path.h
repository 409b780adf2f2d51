/* Where a recording goes: the file that was named, or unslow-NAME-TIME.rec here, or in the state
 * directory if here cannot be written.
 */
#ifndef UNSLOW_CMD_RECORDING_PATH_H
#define UNSLOW_CMD_RECORDING_PATH_H

#include <limits.h>
#include <stdint.h>

#include "base/err.h"

/* `wanted`: the user's name for it, or NULL; `name`: the app's. May make the state directory. */
MUST_CHECK enum err_kind recording_path_choose(char path[PATH_MAX], const char *wanted,
					       const char *name, struct err *e);
/* The same without leaving a trace: no file, no directory. ERR_*: what recording_create would say.
 */
MUST_CHECK enum err_kind recording_path_foresee(char path[PATH_MAX], const char *wanted,
						const char *name, struct err *e);
/* --max-size: ERR_USAGE where not even an empty one would fit. */
MUST_CHECK enum err_kind recording_check_size(uint64_t max_bytes, struct err *e);

#endif
