#include "agent/values.h"

#include "agent/agent.h"

void values_begin(struct values *values)
{
	values->known = agent_control != NULL;
	if (values->known)
		hash_stream_begin(&values->stream, agent_control->text_key);
}

void values_add(struct values *values, const void *bytes, size_t length)
{
	if (!values->known)
		return;
	if (length > VALUES_BYTES_MAX - values->stream.length)
		values->known = false;
	else
		hash_stream_add(&values->stream, bytes, length);
}

void values_forget(struct values *values)
{
	values->known = false;
}

uint64_t values_end(struct values *values)
{
	const bool known = values->known;
	uint64_t hash;

	values->known = false;
	if (!known)
		return 0;
	hash = hash_stream_end(&values->stream);
	return hash ? hash : 1;
}

void values_write(uint64_t start_ns, uint64_t unit, uint32_t handle, uint64_t hash)
{
	if (hash != 0 && handle != 0)
		record_write(&(struct channel_record){
			.t_start_ns = start_ns,
			.unit = unit,
			.object = handle,
			.kind = RECORD_VALUES,
			.aux = hash,
		});
}
