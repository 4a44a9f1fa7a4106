/* random.c - names that nobody can guess. */
#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

const char *random_id(char id[RANDOM_ID_SIZE])
{
	unsigned char bytes[(RANDOM_ID_SIZE - 1) / 2];

	/* A request this small is never cut short (getrandom(2)). */
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
		fputs("<2>the kernel gives no random numbers\n", stderr);
		abort();
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(id + 2 * i, 3, "%02x", bytes[i]);
	return id;
}
