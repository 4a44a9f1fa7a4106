/* random.h - names that nobody can guess. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#define RANDOM_ID_SIZE 33

/* 128 random bits from the kernel as hexadecimal digits into id; returns id. */
const char *random_id(char id[RANDOM_ID_SIZE]);

#endif
