/* fields.h - the types of field that a form may have. */
#ifndef DESK_FIELDS_H
#define DESK_FIELDS_H

#include "desk/command.h"
#include "desk/visit_settings.h"

/* field_plain.c: what a person writes */
extern const struct field_type field_text;  /* any words */
extern const struct field_type field_name;  /* a person's name */
extern const struct field_type field_birth; /* a date of birth */
extern const struct field_type field_phone;
extern const struct field_type field_email;
extern const struct field_type field_contact;  /* a phone number or e-mail */
extern const struct field_type field_address;  /* an XMPP address */
extern const struct field_type field_money;    /* "50 EUR" */
extern const struct field_type field_duration; /* minutes */
extern const struct field_type field_choice;   /* one of field.options */
extern const struct field_type field_delay;    /* minutes; 0: on time */

/* field_rest.c: what follows "because", or "say" */
extern const struct field_type field_reason;
extern const struct field_type field_saying;

/* field_agreement.c: whether somebody agrees, "true" or "false" */
extern const struct field_type field_agreement;

/* field_clinic.c: what the clinic has */
extern const struct field_type field_specialty;
extern const struct field_type field_doctor;
extern const struct field_type field_visit_doctor; /* "any" will do too */
extern const struct field_type field_asked_doctor; /* a doctor: herself */

/* field_stretch.c: a stretch of time that is kept */
extern const struct field_type field_time_off;
extern const struct field_type field_extra_hours;
extern const struct field_type field_holiday;

/* field_appointment.c: a visit to come, by its code, doctor, day or patient */
extern const struct field_type field_appointment;
/* The same, or several ("all of them", "both"): the codes with a space between
 * them, and a line for each as the label. */
extern const struct field_type field_appointments;

/* field_visit.c, field_patient.c: what is booked, and for whom */
extern const struct field_type field_visit_type;
extern const struct field_type field_visit_patient;

/* field_type.c: the types of visit and the rooms of the clinic */
extern const struct field_type field_type_owner; /* a doctor or specialty */
extern const struct field_type field_type_name;
extern const struct field_type field_type_length;
extern const struct field_type field_type_settings; /* all that can be said */
extern const struct field_type field_owned_type;
extern const struct field_type field_room;
/* The doctor or the specialty that a field "owner" is filled with, as an id; NULL
 * when it is the other, or nothing. */
const char *owner_doctor(const struct form *form);
const char *owner_specialty(const struct form *form);

/* field_child.c: for whom a patient acts besides themselves */
extern const struct field_type field_child;
extern const struct field_type field_child_name; /* without "born", "called" */
extern const struct field_type field_for_whom;   /* who asks, or a dependant */
/* "for leo", "my son", "for me"; FOUND_WRONG for whom is on no list. */
enum found find_for_whom(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error);
/* Whether the value of a field "for" means who asks, as nothing does. */
bool is_own_id(const struct request *request, const char *id);
/* Who asks, and their dependants; those alone when the field has a hint. */
bool choose_for_whom(
	struct filling *filling, struct choices *choices, struct error *error);
/* Adds the folded given name of a dependant whom the sentence names, if any. */
bool take_child_name(struct reading *reading, struct request *request,
	struct strbuf *name, struct error *error) MUST_CHECK;

/* field_question.c: what waits for a yes or no; options: "request", "offer" */
extern const struct field_type field_question;
extern const struct field_type field_answer_time; /* minutes, also of days */
extern const struct field_type field_waiting;     /* what somebody waits for */

/* field_series.c: visits that come again */
extern const struct field_type field_series;
extern const struct field_type
	field_following; /* this one, or all after it too */
/* Whether the field "following" says all. */
bool takes_following(const struct form *form);

/* field_day.c: who is here today */
extern const struct field_type field_day_visit; /* for the command's mark */
extern const struct field_type field_patient;   /* of who asks: a doctor's own,
						 * a guardian's dependants */

/* field_talk.c: whom one writes to: a doctor's patient, a patient's doctor */
extern const struct field_type field_partner;

/* field_since.c: the day since when, "2026-11-30", never one to come */
extern const struct field_type field_since;

/* field_reminders.c: "2 days and 3 hours before" as "2880 180", "none", "usual" */
extern const struct field_type field_reminders;

/* field_visit_time.c */
extern const struct field_type field_visit_time; /* a free time of a doctor */
extern const struct field_type field_wish;       /* when one would come */

/* field_time.c: days and hours */
extern const struct field_type field_moment;  /* any day and time */
extern const struct field_type field_hours;   /* weekly hours, patterns */
extern const struct field_type field_period;  /* from a moment to another */
extern const struct field_type field_windows; /* hours of days, as JSON */

/* field_team.c */
extern const struct field_type field_team; /* a patient whose team is meant */

/* The unused words that may be of a patient's name, "jane doe", into name;
 * is_code_too: also such as begin with a digit. */
bool take_patient_name(
	struct reading *reading, bool is_code_too, struct strbuf *name);
/* A row with person, name and birth_date as a choice, "Jane Doe, born 1990-04-23";
 * note_column: what is its note, or NULL. */
void add_patient_choice(const struct filling *filling, const struct rows *rows,
	size_t row, const char *note_column, struct choices *choices);
/* "Dr. Ruiz" for "Dr. Ana Ruiz", added to out. */
void add_short_name(struct strbuf *out, const char *name);
/* "Leo" for "Leo Doe", added to out. */
void add_given_name(struct strbuf *out, const char *name);
/* Narrows the field "appointment", where a form has one and nothing is known of
 * it yet, to the visit with this code: whether it did. */
bool narrow_to_visit(struct form *form, const char *code);
/* " (America/Bogota)" where times are said in another zone than the clinic's. */
void add_zone(struct strbuf *out, const struct request *request);
/* "40 EUR" from the two columns fee and currency of a row. */
void add_fee(struct strbuf *out, const struct rows *rows, size_t row);
/* The same in words: "40 EUR", "no fee" when it is nothing. */
void say_fee(struct strbuf *out, const char *language, const struct rows *rows,
	size_t row);
/* The same of the doctors' list: "from 40 EUR" when there are dearer visits. */
void add_fees(struct strbuf *out, const char *language, const struct rows *rows,
	size_t row);
/* A column with a local time, as the database prints it, as a moment; the API
 * promises it, so anything else is a bug of ours and reads as 1970. */
struct civil_moment moment_of(
	const struct rows *rows, size_t row, const char *column);

/* A row of api.visit_types; what limits nothing stays unsaid. The caller releases
 * it. */
void visit_settings_of(
	struct visit_settings *settings, const struct rows *rows, size_t row);
/* "Follow-up", "Talk, video": how a visit's type is said. */
void add_visit_type(struct strbuf *out, const char *language, const char *name,
	bool is_video);
/* Whether text has this folded word. */
bool has_word(const char *text, const char *word);

/* What a form's time field wishes so far, as parameters of the API functions that
 * look for free times: NULL for what is open. */
struct wished {
	const char *first_day, *last_day, *from, *to;
	char texts[4][CIVIL_TEXT_SIZE];
};
void wished_read(struct wished *wished, const struct form *form);
/* The value of a period field, "2026-12-24 00:00/2027-01-03 00:00" (the end is
 * not included), as its two moments. */
bool read_period(const char *text, struct civil_moment *from,
	struct civil_moment *to) MUST_CHECK;

#endif
