#include "recording/seal.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "recording/recording.h"

/* A multiple of every page size: the row, which never leaves its page, is never split. */
enum { CHUNK_BYTES = 1 << 20 };
/* SQLite's header: change counter at 24, file size in pages at 28 (fileformat2.html, 1.3). */
enum { HEADER_COUNTER = 24 };

struct hash {
	uint64_t lane[4];
};

/* Each step is a bijection of the lane, so one changed word always changes the result; four
 * lanes keep the multiplier busy (about 4 GB/s). */
static void hash_chunk(struct hash *h, const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i + 32 <= size; i += 32) {
		for (int lane = 0; lane < 4; lane++) {
			uint64_t word;
			memcpy(&word, bytes + i + 8 * (size_t)lane, sizeof word);
			uint64_t x = (h->lane[lane] ^ word) * UINT64_C(0x9e3779b97f4a7c15);
			h->lane[lane] = x ^ x >> 32;
		}
	}
}

static uint64_t hash_end(const struct hash *h)
{
	uint64_t x = 0;
	for (int lane = 0; lane < 4; lane++)
		x = (x ^ h->lane[lane]) * UINT64_C(0xbf58476d1ce4e5b9) + (uint64_t)lane;
	return x ^ x >> 31;
}

/* Full chunks, but at the end of the file; zero there, -1 on error. */
static ssize_t read_chunk(int fd, unsigned char *chunk, uint64_t offset)
{
	size_t got = 0;
	while (got < CHUNK_BYTES) {
		const ssize_t n = pread(fd, chunk + got, CHUNK_BYTES - got, (off_t)(offset + got));
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

/* Hash of the file without the eight bytes of the hash itself, which lie in the row at `place`. */
static bool hash_file(int fd, uint64_t place, uint64_t *out)
{
	unsigned char *chunk = mem_alloc(CHUNK_BYTES);
	struct hash h = {{1, 2, 3, 4}};
	const uint64_t hole = place + offsetof(struct seal_row, hash);
	uint64_t offset = 0;
	ssize_t got;
	while ((got = read_chunk(fd, chunk, offset)) > 0) {
		if (hole >= offset && hole + 8 <= offset + (uint64_t)got)
			memset(chunk + (hole - offset), 0, 8);
		/* Pages are at least 512 bytes: no tail is left over. */
		hash_chunk(&h, chunk, (size_t)got);
		offset += (uint64_t)got;
	}
	free(chunk);
	*out = hash_end(&h);
	return got == 0;
}

static bool find_row(int fd, const unsigned char marker[SEAL_MARKER_BYTES], uint64_t *place)
{
	unsigned char *chunk = mem_alloc(CHUNK_BYTES);
	uint64_t offset = 0;
	ssize_t got;
	bool found = false;
	/* gcc's sanitizers have it inlined with pointers that it thinks may be NULL */
	while (chunk && !found && (got = read_chunk(fd, chunk, offset)) > 0) {
		const unsigned char *at = memmem(chunk, (size_t)got, marker, SEAL_MARKER_BYTES);
		found = at != NULL;
		if (found)
			*place = offset + (uint64_t)(at - chunk);
		offset += (uint64_t)got;
	}
	free(chunk);
	return found;
}

enum err_kind seal_make(const char *path, const struct seal_row *row, struct err *e)
{
	struct seal_row sealed = *row;
	const int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	bool done = fd >= 0 && find_row(fd, sealed.marker, &sealed.place) &&
		    pread(fd, sealed.header, sizeof sealed.header, HEADER_COUNTER) ==
			    sizeof sealed.header;
	done = done && pwrite(fd, &sealed, sizeof sealed, (off_t)sealed.place) == sizeof sealed &&
	       hash_file(fd, sealed.place, &sealed.hash) &&
	       pwrite(fd, &sealed, sizeof sealed, (off_t)sealed.place) == sizeof sealed &&
	       fsync(fd) == 0;
	const enum err_kind kind = done ? ERR_OK : ERR(e, ERR_SYSTEM, "cannot seal %s", path);
	if (fd >= 0)
		close(fd);
	return kind;
}

static enum err_kind broken(const char *path, const char *why, struct err *e)
{
	return ERR(e, ERR_RECORDING,
		   "%s is damaged (%s); copy it again, or save what can be read with: "
		   "sqlite3 '%s' .recover | sqlite3 recovered.rec",
		   path, why, path);
}

/* *found: the row is there with all its bytes. A recording that was not closed has none. */
static enum err_kind read_row(sqlite3 *db, const char *path, struct seal_row *row, bool *found,
			      struct err *e)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, "SELECT data FROM seal", -1, &statement, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	*found = rc == SQLITE_ROW && sqlite3_column_bytes(statement, 0) == sizeof *row;
	if (*found)
		memcpy(row, sqlite3_column_blob(statement, 0), sizeof *row);
	enum err_kind kind = ERR_OK;
	if (rc == SQLITE_ERROR) /* no such table: every recording is born with it */
		kind = broken(path, "its table of seals is gone", e);
	else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		kind = recording_error(db, path, e);
	sqlite3_finalize(statement);
	return kind;
}

enum err_kind seal_check(sqlite3 *db, const char *path, bool *intact, struct err *e)
{
	struct seal_row row, in_place;
	uint32_t header[2];
	uint64_t hash;
	bool found;

	*intact = false;
	TRY(read_row(db, path, &row, &found, e));
	if (!found)
		return ERR_OK;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR(e, ERR_SYSTEM, "cannot open %s", path);
	const bool same_file =
		pread(fd, header, sizeof header, HEADER_COUNTER) == sizeof header &&
		memcmp(header, row.header, sizeof header) == 0 &&
		pread(fd, &in_place, sizeof in_place, (off_t)row.place) == sizeof in_place &&
		memcmp(&in_place, &row, sizeof row) == 0;
	const bool read_all = same_file && hash_file(fd, row.place, &hash);
	close(fd);
	if (!same_file)
		return ERR_OK;
	if (!read_all)
		return ERR(e, ERR_SYSTEM, "cannot read %s", path);
	if (hash != row.hash)
		return broken(path, "its bytes are not those that were written", e);
	*intact = true;
	return ERR_OK;
}
