/* The engines, each version's best first. */
#include "agent/calls_control.h"
#include "agent/calls_monitoring.h"

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
	{.install = NULL},
};

const struct calls_engine_row calls_line_engines[] = {
	{.install = NULL},
};
