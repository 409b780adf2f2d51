/* For the formats alone: one function a format, a row each in export.c. */
#ifndef UNSLOW_EXPORT_FORMATS_H
#define UNSLOW_EXPORT_FORMATS_H

#include "export/export.h"

enum err_kind export_json(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_collapsed(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_svg(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_speedscope(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_speedscope_calls(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_pstats(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_callgrind(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_pprof(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_memory(const struct export_source *source, FILE *out, struct err *e);
enum err_kind export_chrome(const struct export_source *source, FILE *out, struct err *e);

#endif
