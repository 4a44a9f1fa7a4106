/* attributes.h - GNU attributes under our own names. */
#ifndef BASE_ATTRIBUTES_H
#define BASE_ATTRIBUTES_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(format_at, first_at) \
	__attribute__((format(printf, format_at, first_at)))
/* AUTO(release) calls release(&variable) when the variable goes out of scope. */
#define AUTO(release) __attribute__((cleanup(release)))
#define UNUSED __attribute__((unused))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
