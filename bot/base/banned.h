/* banned.h - included before every file: functions that bite become errors.
 * Use strbuf for what grows and civil.h for days and times. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* glibc makes them macros for clang, which would not be poisoned quietly. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison gmtime localtime ctime asctime atoi atol atof gets

#endif
