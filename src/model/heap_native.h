/* By which C functions blocks were made: what heap_native of a recording has, as temporary tables.
 *
 *     heap_native_step    native_id, nth (1: who called the allocator), function ("name", or
 *                         "library.so+0x1a2b"), library (path), base (its file's name): frames of a
 *                         way, those of the interpreter left out: Python's own lines say as much;
 *                         those by which Python calls C (ctypes, cffi), if there are others
 *     heap_native_way     native_id, site_id, stack_id, share (of its site, by the samples seen to
 *                         come this way), text ("inner < outer (library.so)", who called the
 *                         allocator first; NULL: no step)
 *     heap_place_native   place (of heap_place), share (of what is live of it; where nothing is, of
 *                         what was made), text: the way by which most of it was made, with the
 *                         number of others. No row: not known
 */
#ifndef UNSLOW_MODEL_HEAP_NATIVE_H
#define UNSLOW_MODEL_HEAP_NATIVE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/err.h"

/* heap_native_step and heap_native_way. */
MUST_CHECK enum err_kind heap_native_to_tables(sqlite3 *db, struct err *e);
/* All three, after heap_site_place and heap_site_live (heap.c); `of_sites`: places are of sites;
 * false: of routes, and heap_place_native is empty. */
MUST_CHECK enum err_kind heap_native_of_places(sqlite3 *db, bool of_sites, struct err *e);

#endif
