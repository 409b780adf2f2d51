/* The engines, each version's best first. */
#include "agent/calls_control.h"
#include "agent/calls_eval.h"
#include "agent/calls_line_events.h"
#include "agent/calls_monitoring.h"
#include "agent/calls_profile.h"
#include "agent/calls_trace.h"

const struct calls_engine_row calls_engines[] = {
	{
		.engine = CALLS_ENGINE_MONITORING,
		.can = CALLS_PYTHON | CALLS_C | CALLS_TARGETED | CALLS_TIMELINE | CALLS_DEMOTE,
		.first_hex = 0x030c0000,
		.before_hex = UINT32_MAX,
		.install = calls_monitoring_install,
		.remove = calls_monitoring_remove,
		.pause = calls_monitoring_pause,
	},
	{
		.engine = CALLS_ENGINE_EVAL,
		.can = CALLS_PYTHON | CALLS_TARGETED | CALLS_TIMELINE | CALLS_DEMOTE,
		.first_hex = 0x03080000,
		.before_hex = 0x030c0000,
		.install = calls_eval_install,
		.remove = calls_eval_remove,
		.pause = calls_eval_pause,
	},
	{
		/* its events come whether a leaf is counted or not: nothing to demote */
		.engine = CALLS_ENGINE_PROFILE,
		.can = CALLS_PYTHON | CALLS_C | CALLS_TARGETED | CALLS_TIMELINE | CALLS_DEMOTE,
		.first_hex = 0x03080000,
		.before_hex = 0x030c0000,
		.install = calls_profile_install,
		.remove = calls_profile_remove,
	},
	{.install = NULL},
};

const struct calls_engine_row calls_line_engines[] = {
	{
		.engine = CALLS_ENGINE_MONITORING,
		.can = CALLS_LINES,
		.first_hex = 0x030c0000,
		.before_hex = UINT32_MAX,
		.install = calls_line_events_install,
		.remove = calls_line_events_remove,
		.pause = calls_line_events_pause,
	},
	{
		.engine = CALLS_ENGINE_TRACE,
		.can = CALLS_LINES,
		.first_hex = 0x03080000,
		.before_hex = 0x030c0000,
		.install = calls_trace_install,
		.remove = calls_trace_remove,
	},
	{.install = NULL},
};
