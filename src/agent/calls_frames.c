#include "agent/calls_frames.h"

#include <dlfcn.h>

void *frames_wrapped_type;

void frames_prepare(void)
{
	frames_wrapped_type = dlsym(RTLD_DEFAULT, "_PyAsyncGenWrappedValue_Type");
}
