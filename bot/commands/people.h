/* people.h - registering, which other rooms lead strangers to. */
#ifndef COMMANDS_PEOPLE_H
#define COMMANDS_PEOPLE_H

#include "desk/command.h"

extern const struct command command_register;

#endif
