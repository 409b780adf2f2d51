#include "agent/trace_context.h"

#include "agent/agent.h"

#define VERSION_DIGITS 2
#define TRACE_DIGITS 32
#define PARENT_DIGITS 16
#define FLAG_DIGITS 2
/* 00-TRACE-PARENT-FLAGS; a later version may go on behind a dash */
#define LENGTH (VERSION_DIGITS + 1 + TRACE_DIGITS + 1 + PARENT_DIGITS + 1 + FLAG_DIGITS)

/* Lower case only, as the recommendation has it. */
static bool read_hex(const char *text, int digits, uint64_t *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++) {
		char c = text[i];

		if (c >= '0' && c <= '9')
			*value = *value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*value = *value << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	return true;
}

bool trace_context_parse(const char *text, size_t length, struct trace_id *id)
{
	const char *trace = text + VERSION_DIGITS + 1;
	const char *parent = trace + TRACE_DIGITS + 1;
	const char *flags = parent + PARENT_DIGITS + 1;
	uint64_t version, parent_id, flag_bits;

	if (length < LENGTH || trace[-1] != '-' || parent[-1] != '-' || flags[-1] != '-' ||
	    !read_hex(text, VERSION_DIGITS, &version) || version == 0xff ||
	    (version == 0 && length != LENGTH) || (length > LENGTH && text[LENGTH] != '-'))
		return false;
	return read_hex(trace, TRACE_DIGITS / 2, &id->high) &&
	       read_hex(trace + TRACE_DIGITS / 2, TRACE_DIGITS / 2, &id->low) &&
	       read_hex(parent, PARENT_DIGITS, &parent_id) && parent_id != 0 &&
	       read_hex(flags, FLAG_DIGITS, &flag_bits) && (id->high | id->low) != 0;
}

void trace_context_note(const struct unit *unit, const char *text, size_t length)
{
	struct trace_id id;

	if (text == NULL || !trace_context_parse(text, length, &id))
		return;
	record_write(&(struct channel_record){
		.kind = RECORD_UNIT_TRACE,
		.t_start_ns = unit->start_ns,
		.unit = unit->id,
		.aux = id.low,
		.subject = (uint32_t)(id.high >> 32),
		.object = (uint32_t)id.high,
		.source = 1,
	});
}
