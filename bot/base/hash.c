/* hash.c - a short number that stands for a text. */
#include "base/hash.h"

#include <pthread.h>
#include <sys/random.h>

/* SipHash-2-4 (Aumasson, Bernstein). */
static uint64_t hash_key[2];

static void make_key(void)
{
	if (getrandom(hash_key, sizeof(hash_key), 0) < 0)
		hash_key[0] = (uint64_t)(uintptr_t)&hash_key;
}

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void mix(uint64_t v[4], int rounds)
{
	while (rounds-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32) + v[3];
		v[2] += v[1];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

uint64_t keyed_hash(const char *bytes, size_t length)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	uint64_t word = 0;

	pthread_once(&once, make_key);
	uint64_t v[4] = {hash_key[0] ^ 0x736f6d6570736575,
		hash_key[1] ^ 0x646f72616e646f6d,
		hash_key[0] ^ 0x6c7967656e657261,
		hash_key[1] ^ 0x7465646279746573};
	for (size_t i = 0; i <= length; i++) {
		uint64_t byte =
			i < length ? (unsigned char)bytes[i] : length & 0xff;
		size_t place = i < length ? i % 8 : 7;
		word |= byte << (8 * place);
		if (place != 7)
			continue;
		v[3] ^= word;
		mix(v, 2);
		v[0] ^= word;
		word = 0;
	}
	v[2] ^= 0xff;
	mix(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
