/* `show io`: blocking calls by line; what import statements read is one row. */
#ifndef UNSLOW_VIEW_IO_VIEW_H
#define UNSLOW_VIEW_IO_VIEW_H

extern const char io_sql[];

#endif
