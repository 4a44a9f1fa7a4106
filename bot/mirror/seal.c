/* seal.c - resources that show nothing and can be opened again without a table. */
#include "mirror/seal.h"

#include <string.h>

#include "base/crypto.h"
#include "base/memory.h"

#define BYTES_MOST (SEAL_PLAIN + CRYPTO_SIV_EXTRA)
#define TEXT_MOST ((BYTES_MOST * 8 + 4) / 5)

_Static_assert(TEXT_MOST < SEAL_SIZE, "a sealed resource must fit");

static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";

struct seal {
	struct crypto_siv *siv;
};

struct seal *seal_new(const char *secret, const char *purpose)
{
	struct seal *seal = xcalloc(1, sizeof(*seal));

	seal->siv = crypto_siv_new(secret, purpose);
	return seal;
}

void seal_free(struct seal *seal)
{
	if (!seal)
		return;
	crypto_siv_free(seal->siv);
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

bool seal_close(const struct seal *seal, uint32_t person, const char *resource,
	char sealed[SEAL_SIZE])
{
	size_t length = strlen(resource);
	uint8_t bytes[BYTES_MOST];

	*sealed = '\0';
	if (!length || length > SEAL_PLAIN)
		return false;
	crypto_siv_seal(
		seal->siv, person, (const uint8_t *)resource, length, bytes);
	write_digits(bytes, length + CRYPTO_SIV_EXTRA, sealed);
	return true;
}

bool seal_open(const struct seal *seal, uint32_t person, const char *sealed,
	char resource[SEAL_SIZE])
{
	uint8_t bytes[BYTES_MOST], plain[SEAL_PLAIN];
	size_t length = read_digits(sealed, bytes);

	*resource = '\0';
	if (length <= CRYPTO_SIV_EXTRA ||
		!crypto_siv_open(seal->siv, person, bytes, length, plain))
		return false;
	memcpy(resource, plain, length - CRYPTO_SIV_EXTRA);
	resource[length - CRYPTO_SIV_EXTRA] = '\0';
	return true;
}
