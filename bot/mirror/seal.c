/* seal.c - resources that show nothing and can be opened again without a table. */
#include "mirror/seal.h"

#include <pthread.h>
#include <string.h>

#include "base/crypto.h"
#include "base/hash.h"
#include "base/memory.h"

#define BYTES_MOST (SEAL_PLAIN + CRYPTO_SIV_EXTRA)
#define TEXT_MOST ((BYTES_MOST * 8 + 4) / 5)

_Static_assert(TEXT_MOST < SEAL_SIZE, "a sealed resource must fit");

static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";

/* Sealing costs more than all else that is done with a message, and each message of
 * a device asks for the same: so what was sealed or opened last is remembered. A
 * text has one place; another that comes there takes it. */
#define PLACES 1024
#define CACHED_PLAIN 48
#define CACHED_SEALED \
	((size_t)((CACHED_PLAIN + CRYPTO_SIV_EXTRA) * 8 + 4) / 5 + 1)

struct place {
	uint32_t person;
	char plain[CACHED_PLAIN + 1], sealed[CACHED_SEALED]; /* "": free */
};

struct seal {
	struct crypto_siv *siv;
	struct cache *cache;
};

struct cache {
	pthread_mutex_t lock;
	struct place closed[PLACES], opened[PLACES];
};

struct seal *seal_new(const char *secret, const char *purpose)
{
	struct seal *seal = xcalloc(1, sizeof(*seal));

	seal->siv = crypto_siv_new(secret, purpose);
	seal->cache = xcalloc(1, sizeof(*seal->cache));
	pthread_mutex_init(&seal->cache->lock, NULL);
	return seal;
}

void seal_free(struct seal *seal)
{
	if (!seal)
		return;
	crypto_siv_free(seal->siv);
	pthread_mutex_destroy(&seal->cache->lock);
	free(seal->cache);
	free(seal);
}

static void write_digits(const uint8_t *bytes, size_t length, char *text)
{
	unsigned bits = 0, count = 0;

	for (size_t i = 0; i < length; i++) {
		bits = bits << 8 | bytes[i];
		for (count += 8; count >= 5; count -= 5)
			*text++ = digits[bits >> (count - 5) & 31];
	}
	if (count)
		*text++ = digits[bits << (5 - count) & 31];
	*text = '\0';
}

/* The bytes of a text, how many; 0: it is no such text, or not the one way to
 * write them. */
static size_t read_digits(const char *text, uint8_t bytes[BYTES_MOST])
{
	size_t length = 0;
	unsigned bits = 0, count = 0;

	for (; *text; text++) {
		const char *digit = strchr(digits, *text);

		if (!digit)
			return 0;
		bits = bits << 5 | (unsigned)(digit - digits);
		count += 5;
		if (count < 8)
			continue;
		if (length == BYTES_MOST)
			return 0;
		count -= 8;
		bytes[length++] = (uint8_t)(bits >> count);
	}
	return count >= 5 || (bits & ((1u << count) - 1)) ? 0 : length;
}

static struct place *place_of(
	struct place places[PLACES], uint32_t person, const char *text)
{
	return &places[(keyed_hash(text, strlen(text)) + person) % PLACES];
}

static void remember(struct place *place, uint32_t person, const char *plain,
	const char *sealed)
{
	place->person = person;
	memcpy(place->plain, plain, strlen(plain) + 1);
	memcpy(place->sealed, sealed, strlen(sealed) + 1);
}

/* The sealed text of a plain one, as it was made before. */
static bool recall_closed(const struct seal *seal, uint32_t person,
	const char *plain, char sealed[SEAL_SIZE])
{
	const struct place *place =
		place_of(seal->cache->closed, person, plain);
	bool is_found;

	pthread_mutex_lock(&seal->cache->lock);
	is_found = *place->sealed && place->person == person &&
		   strcmp(place->plain, plain) == 0;
	if (is_found)
		memcpy(sealed, place->sealed, strlen(place->sealed) + 1);
	pthread_mutex_unlock(&seal->cache->lock);
	return is_found;
}

static bool recall_opened(const struct seal *seal, uint32_t person,
	const char *sealed, char plain[SEAL_SIZE])
{
	const struct place *place =
		place_of(seal->cache->opened, person, sealed);
	bool is_found;

	pthread_mutex_lock(&seal->cache->lock);
	is_found = *place->sealed && place->person == person &&
		   strcmp(place->sealed, sealed) == 0;
	if (is_found)
		memcpy(plain, place->plain, strlen(place->plain) + 1);
	pthread_mutex_unlock(&seal->cache->lock);
	return is_found;
}

static void keep(const struct seal *seal, uint32_t person, const char *plain,
	const char *sealed)
{
	struct cache *cache = seal->cache;

	if (strlen(plain) > CACHED_PLAIN)
		return;
	pthread_mutex_lock(&cache->lock);
	remember(place_of(cache->closed, person, plain), person, plain, sealed);
	remember(
		place_of(cache->opened, person, sealed), person, plain, sealed);
	pthread_mutex_unlock(&cache->lock);
}

bool seal_close(const struct seal *seal, uint32_t person, const char *resource,
	char sealed[SEAL_SIZE])
{
	size_t length = strlen(resource);
	uint8_t bytes[BYTES_MOST];

	*sealed = '\0';
	if (!length || length > SEAL_PLAIN)
		return false;
	if (recall_closed(seal, person, resource, sealed))
		return true;
	crypto_siv_seal(
		seal->siv, person, (const uint8_t *)resource, length, bytes);
	write_digits(bytes, length + CRYPTO_SIV_EXTRA, sealed);
	keep(seal, person, resource, sealed);
	return true;
}

bool seal_open(const struct seal *seal, uint32_t person, const char *sealed,
	char resource[SEAL_SIZE])
{
	uint8_t bytes[BYTES_MOST], plain[SEAL_PLAIN];
	size_t length;

	*resource = '\0';
	if (recall_opened(seal, person, sealed, resource))
		return true;
	length = read_digits(sealed, bytes);
	if (length <= CRYPTO_SIV_EXTRA ||
		!crypto_siv_open(seal->siv, person, bytes, length, plain))
		return false;
	memcpy(resource, plain, length - CRYPTO_SIV_EXTRA);
	resource[length - CRYPTO_SIV_EXTRA] = '\0';
	keep(seal, person, resource, sealed);
	return true;
}
