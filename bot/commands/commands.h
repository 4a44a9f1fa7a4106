/* commands.h - the one list of everything that can be asked of the desk. */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

#include "desk/command.h"

/* Every command, in the order of the help, ended by NULL. */
extern const struct command *const commands[];

/* The command of this name; NULL when there is none. */
const struct command *command_named(const char *name);

/* Adds docs/commands.md: every command with who may use it, in Markdown. */
void commands_print_manual(struct strbuf *out);

#endif
