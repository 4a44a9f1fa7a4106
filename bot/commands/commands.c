/* commands.c - the one list of everything that can be asked of the desk. */
#include "commands/commands.h"

#include <string.h>

#include "commands/list.h"
#include "commands/people.h"

const struct command *const commands[] = {
	&command_register,
	&command_book,
	&command_appointments,
	&command_move,
	&command_cancel,
	&command_history,
	&command_messages,
	&command_search,
	&command_privacy,
	&command_block,
	&command_unblock,
	&command_waitlist,
	&command_leave_waitlist,
	&command_accept,
	&command_pass,
	&command_confirm,
	&command_reminders,
	&command_remind_me,
	&command_no_reminders,
	&command_children,
	&command_add_child,
	&command_remove_child,
	&command_doctors,
	&command_today,
	&command_agenda,
	&command_week,
	&command_next,
	&command_arrived,
	&command_start,
	&command_done,
	&command_noshow,
	&command_late,
	&command_mute,
	&command_unmute,
	&command_end_chat,
	&command_allow,
	&command_office_hours,
	&command_no_office_hours,
	&command_requests,
	&command_approve,
	&command_decline,
	&command_approval,
	&command_free,
	&command_hours,
	/* Before a doctor's own "off": who runs the clinic means the clinic's. */
	&command_holidays,
	&command_holiday,
	&command_remove_holiday,
	&command_off,
	&command_remove_off,
	&command_new_times,
	&command_unanswered,
	&command_also,
	&command_remove_also,
	&command_why_not,
	&command_visit_types,
	&command_visit_type,
	&command_remove_visit_type,
	&command_rooms,
	&command_add_room,
	&command_remove_room,
	&command_add_specialty,
	&command_add_doctor,
	&command_remove_doctor,
	&command_add_admin,
	&command_remove_admin,
	&command_people,
	&command_stats,
	&command_audit,
	&command_my_details,
	&command_my_name,
	&command_my_birthday,
	&command_my_phone,
	&command_my_email,
	&command_my_timezone,
	&command_contact,
	&command_help,
	NULL,
};

const struct command *command_named(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}
