/* file_store.c - files in a folder, named by what is in them. */
#include "mirror/file_store.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/random.h"

struct file_store {
	int folder; /* a descriptor of it */
};

/* "3f/9a...": a folder of two digits, and the rest. */
#define PATH_SIZE (FILE_DIGEST_TEXT + 1)

const char *file_digest_text(
	const uint8_t digest[CRYPTO_SHA256_BYTES], char text[FILE_DIGEST_TEXT])
{
	for (size_t i = 0; i < CRYPTO_SHA256_BYTES; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

bool file_digest_read(const char *text, uint8_t digest[CRYPTO_SHA256_BYTES])
{
	if (strlen(text) != FILE_DIGEST_TEXT - 1)
		return false;
	for (size_t i = 0; i < CRYPTO_SHA256_BYTES; i++) {
		char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};

		if (!isxdigit((unsigned char)pair[0]) ||
			!isxdigit((unsigned char)pair[1]))
			return false;
		digest[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

static void path_of(
	const uint8_t digest[CRYPTO_SHA256_BYTES], char path[PATH_SIZE])
{
	char text[FILE_DIGEST_TEXT];

	file_digest_text(digest, text);
	(void)snprintf(path, PATH_SIZE, "%.2s/%s", text, text + 2);
}

static bool cannot(struct error *error, enum error_kind kind, const char *what)
{
	int number = errno;

	(void)failed(error, kind,
		"the clinic cannot keep it just now. Please "
		"send it again later");
	return failed_because(error, "%s: %s", what, strerror(number));
}

#define FRESH "new-"

/* What was half written when the bot ended badly. */
static void remove_leftovers(const struct file_store *store)
{
	int again =
		openat(store->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = again < 0 ? NULL : fdopendir(again);
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (strncmp(entry->d_name, FRESH, strlen(FRESH)) == 0)
			(void)unlinkat(store->folder, entry->d_name, 0);
	if (folder)
		(void)closedir(folder);
}

struct file_store *file_store_new(const char *folder, struct error *error)
{
	struct file_store *store = xcalloc(1, sizeof(*store));

	(void)mkdir(folder, 0700);
	store->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->folder >= 0 && faccessat(store->folder, ".", W_OK, 0) == 0) {
		remove_leftovers(store);
		return store;
	}
	(void)failed(error, ERROR_USAGE, "files.folder: cannot write to \"%s\"",
		folder);
	(void)failed_because(error, "%s", strerror(errno));
	file_store_free(store);
	return NULL;
}

void file_store_free(struct file_store *store)
{
	if (!store)
		return;
	if (store->folder >= 0)
		close(store->folder);
	free(store);
}

static bool write_all(int file, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t count = write(file, bytes, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

/* Under a name of its own first, then under its proper one. */
static bool write_file(struct file_store *store, const char *path,
	const uint8_t *bytes, size_t length, struct error *error)
{
	char id[RANDOM_ID_SIZE], fresh[RANDOM_ID_SIZE + 8];

	(void)snprintf(fresh, sizeof(fresh), FRESH "%s", random_id(id));
	int file = openat(store->folder, fresh,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return cannot(error, ERROR_UNAVAILABLE, "open");
	bool is_written =
		write_all(file, bytes, length) && fdatasync(file) == 0;
	is_written = close(file) == 0 && is_written;
	if (is_written &&
		renameat(store->folder, fresh, store->folder, path) == 0)
		return true;
	(void)cannot(error, ERROR_UNAVAILABLE, "write");
	(void)unlinkat(store->folder, fresh, 0);
	return false;
}

bool file_store_put(struct file_store *store, const uint8_t *bytes,
	size_t length, uint8_t digest[CRYPTO_SHA256_BYTES], bool *is_new,
	struct error *error)
{
	char path[PATH_SIZE], part[3];
	uint8_t is[CRYPTO_SHA256_BYTES];
	struct stat there;
	bool is_missing;

	crypto_sha256(bytes, length, is);
	path_of(is, path);
	(void)snprintf(part, sizeof(part), "%.2s", path);
	if (mkdirat(store->folder, part, 0700) != 0 && errno != EEXIST)
		return cannot(error, ERROR_UNAVAILABLE, "mkdir");
	is_missing = fstatat(store->folder, path, &there, 0) != 0 ||
		     (size_t)there.st_size != length;
	if (is_missing && !write_file(store, path, bytes, length, error))
		return false;
	*is_new = is_missing;
	memcpy(digest, is, sizeof(is));
	return true;
}

int file_store_open(
	struct file_store *store, const uint8_t digest[CRYPTO_SHA256_BYTES])
{
	char path[PATH_SIZE];

	path_of(digest, path);
	return openat(store->folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

bool file_store_remove(
	struct file_store *store, const uint8_t digest[CRYPTO_SHA256_BYTES])
{
	char path[PATH_SIZE];

	path_of(digest, path);
	return unlinkat(store->folder, path, 0) == 0 || errno == ENOENT;
}
