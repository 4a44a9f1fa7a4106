/* list.h - the commands that the list in commands.c names, by subject. */
#ifndef COMMANDS_LIST_H
#define COMMANDS_LIST_H

#include "desk/command.h"

/* appointments.c */
extern const struct command command_book;
extern const struct command command_appointments;
extern const struct command command_move;
/* cancel.c */
extern const struct command command_cancel;
/* reminders.c */
extern const struct command command_confirm;
extern const struct command command_reminders;
extern const struct command command_remind_me;
extern const struct command command_no_reminders;
/* children.c */
extern const struct command command_children;
extern const struct command command_add_child;
extern const struct command command_remove_child;
/* talks.c */
extern const struct command command_messages;
extern const struct command command_search;
extern const struct command command_block;
extern const struct command command_unblock;
extern const struct command command_mute;
extern const struct command command_unmute;
extern const struct command command_end_chat;
extern const struct command command_allow;
extern const struct command command_audit;
/* files.c */
extern const struct command command_files;
/* privacy.c */
extern const struct command command_privacy;
/* office.c */
extern const struct command command_office_hours;
extern const struct command command_no_office_hours;
/* doctors.c */
extern const struct command command_doctors;
/* day.c */
extern const struct command command_today;
extern const struct command command_agenda;
extern const struct command command_week;
extern const struct command command_next;
extern const struct command command_free;
/* marks.c */
extern const struct command command_arrived;
extern const struct command command_start;
extern const struct command command_done;
extern const struct command command_noshow;
extern const struct command command_late;
/* visit_types.c */
extern const struct command command_visit_types;
extern const struct command command_visit_type;
extern const struct command command_remove_visit_type;
/* rooms.c */
extern const struct command command_rooms;
extern const struct command command_add_room;
extern const struct command command_remove_room;
/* requests.c */
extern const struct command command_requests;
extern const struct command command_approve;
extern const struct command command_decline;
extern const struct command command_approval;
/* waitlist.c */
extern const struct command command_waitlist;
extern const struct command command_leave_waitlist;
extern const struct command command_accept;
extern const struct command command_pass;
/* away.c */
extern const struct command command_unanswered;
extern const struct command command_new_times;
/* history.c */
extern const struct command command_history;
/* availability.c */
extern const struct command command_hours;
extern const struct command command_off;
extern const struct command command_remove_off;
extern const struct command command_also;
extern const struct command command_remove_also;
/* holidays.c */
extern const struct command command_holidays;
extern const struct command command_holiday;
extern const struct command command_remove_holiday;
/* chat.c */
extern const struct command command_chat;
/* calls.c */
extern const struct command command_calls;
extern const struct command command_hide_ip;
/* why.c */
extern const struct command command_why_not;
/* team.c */
extern const struct command command_team;
extern const struct command command_teams;
extern const struct command command_team_history;
extern const struct command command_leave_team;
extern const struct command command_close_team;
/* people.c */
extern const struct command command_my_details;
extern const struct command command_my_name;
extern const struct command command_my_birthday;
extern const struct command command_my_phone;
extern const struct command command_my_email;
extern const struct command command_my_timezone;
extern const struct command command_people;
/* clinic.c */
extern const struct command command_add_specialty;
extern const struct command command_add_doctor;
extern const struct command command_remove_doctor;
extern const struct command command_add_admin;
extern const struct command command_remove_admin;
extern const struct command command_stats;
/* help.c */
extern const struct command command_help;
extern const struct command command_contact;

#endif
