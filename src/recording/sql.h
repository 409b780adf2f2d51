/* The SQL files of this folder as strings, embedded by embed.py at build time. */
#ifndef UNSLOW_RECORDING_SQL_H
#define UNSLOW_RECORDING_SQL_H

extern const char sql_schema[];  /* tables; executed when a recording is made */
extern const char sql_views[];   /* v1_… views; executed after the tables */
extern const char sql_indexes[]; /* executed when a recording is closed */

#endif
