#include "agent/wsgi_server.h"

#include <string.h>

#include "agent/code_identity.h"
#include "python/python_text.h"
#include "agent/units.h"
#include "python/walk.h"

bool wsgi_server_drains(void)
{
	static const char server[] = "/werkzeug/serving.py";
	const size_t length = sizeof server - 1;
	struct walk_frame f = {.frame = context_frame()};
	struct python_text file;

	if (f.frame == 0 ||
	    !walk_read_frame(&agent_layout, walk_read_direct, NULL, (uintptr_t)py.code_type, &f) ||
	    f.kind != WALK_PYTHON)
		return false;
	file = python_text_of(&agent_layout, load(f.code, agent_layout.code_filename));
	return file.width == 1 && file.length >= length &&
	       memcmp((const char *)file.data + file.length - length, server, length) == 0;
}
