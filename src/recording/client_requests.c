#include "recording/client_requests.h"

#include "recording/rows.h"

static void row_time(struct row *row, uint64_t at_ns)
{
	if (at_ns)
		row_uint(row, at_ns);
	else
		row_null(row);
}

const unsigned char *trace_bytes(uint64_t high, uint64_t low, unsigned char bytes[TRACE_BYTES])
{
	for (int i = 0; i < TRACE_BYTES; i++)
		bytes[i] = (unsigned char)((i < 8 ? high : low) >> (56 - i % 8 * 8));
	return bytes;
}

void client_request_write(struct recording *recording, const struct client_request *request)
{
	unsigned char trace[TRACE_BYTES];
	struct row row = row_begin(recording, ROW_CLIENT_REQUEST);
	if (request->trace_high | request->trace_low)
		row_blob(&row, trace_bytes(request->trace_high, request->trace_low, trace),
			 sizeof trace);
	else
		row_null(&row);
	row_uint(&row, request->intended_ns);
	row_time(&row, request->sent_ns);
	row_time(&row, request->done_ns);
	if (request->status)
		row_int(&row, request->status);
	else
		row_null(&row);
	row_string(&row, request->error);
	row_end(&row);
}
