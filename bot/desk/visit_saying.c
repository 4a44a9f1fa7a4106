/* visit_saying.c - the settings of a type of visit as JSON and in words. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/visit_settings.h"
#include "desk/wording.h"

#define DAY 1440 /* minutes */

static const char *const keys[VISIT_NUMBERS] = {
	[VISIT_MINUTES] = "minutes",
	[VISIT_BEFORE] = "before",
	[VISIT_AFTER] = "after",
	[VISIT_NOTICE] = "notice",
	[VISIT_AHEAD] = "ahead",
	[VISIT_MOST] = "most",
	[VISIT_CANCEL] = "cancel",
	[VISIT_MOVE] = "move",
};

char *visit_settings_print(const struct visit_settings *settings)
{
	json_t *object = json_object();
	char amount[24], currency[8];
	char *text;

	for (size_t i = 0; i < VISIT_NUMBERS; i++)
		if (settings->numbers[i] != VISIT_UNSAID)
			(void)json_object_set_new(object, keys[i],
				settings->numbers[i] == VISIT_ANY
					? json_null()
					: json_integer(settings->numbers[i]));
	if (sscanf(settings->fee, "%23s %7s", amount, currency) == 2) {
		(void)json_object_set_new(object, "fee",
			strchr(amount, '.')
				? json_real(strtod(amount, NULL))
				: json_integer(strtol(amount, NULL, 10)));
		(void)json_object_set_new(
			object, "currency", json_string(currency));
	}
	if (settings->video != VISIT_UNSAID)
		(void)json_object_set_new(
			object, "video", json_boolean(settings->video));
	if (settings->needs)
		(void)json_object_set_new(
			object, "needs", json_string(settings->needs));
	text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

bool visit_settings_load(struct visit_settings *settings, const char *json)
{
	json_t *object = json_loads(json, 0, NULL);
	const json_t *fee = json_object_get(object, "fee");
	const char *currency;

	visit_settings_init(settings);
	if (!json_is_object(object)) {
		json_decref(object);
		return false;
	}
	for (size_t i = 0; i < VISIT_NUMBERS; i++) {
		const json_t *value = json_object_get(object, keys[i]);

		if (value)
			settings->numbers[i] =
				json_is_null(value)
					? VISIT_ANY
					: (long)json_integer_value(value);
	}
	currency = json_string_value(json_object_get(object, "currency"));
	if (fee && currency)
		(void)snprintf(settings->fee, sizeof(settings->fee), "%.*f %s",
			json_is_integer(fee) ? 0 : 2, json_number_value(fee),
			currency);
	if (json_object_get(object, "video"))
		settings->video =
			json_is_true(json_object_get(object, "video"));
	settings->needs =
		xstrdup(json_string_value(json_object_get(object, "needs")));
	json_decref(object);
	return true;
}

/* Adds a part to a list. */
static void begin_part(struct strbuf *out, size_t start)
{
	if (out->length > start)
		strbuf_add(out, ", ");
}

/* "40 min" as in "minutes" short; longer times in full. */
static void say_time(struct strbuf *out, const char *language, long minutes)
{
	if (minutes % 60 || !minutes)
		strbuf_addf(out, "%ld %s", minutes, in_words(language, "min"));
	else if (minutes % DAY || minutes == DAY)
		strbuf_addf(out, "%ld %s", minutes / 60,
			in_words(language, minutes == 60 ? "hour" : "hours"));
	else
		strbuf_addf(out, "%ld %s", minutes / DAY,
			in_words(language, "days"));
}

void say_visit_kind(struct strbuf *out, const char *language,
	const struct visit_settings *settings)
{
	size_t start = out->length;
	long minutes = settings->numbers[VISIT_MINUTES];

	if (minutes >= 0)
		strbuf_addf(out, "%ld %s", minutes, in_words(language, "min"));
	if (settings->fee[0]) {
		begin_part(out, start);
		strbuf_add(out, strtod(settings->fee, NULL) > 0
					? settings->fee
					: in_words(language, "no fee"));
	}
	if (settings->video == VISIT_UNSAID)
		return;
	begin_part(out, start);
	strbuf_add(out,
		in_words(language, settings->video ? "video" : "in person"));
}

static void say_rooms(
	struct strbuf *out, const char *language, const char *needs)
{
	strbuf_add(out, in_words(language, ", room "));
	while (*needs) {
		size_t length = strcspn(needs, ",");

		strbuf_add_bytes(out, needs, length);
		needs += length;
		if (*needs)
			strbuf_add(out, in_words(language, " and "));
		needs += strspn(needs, ", ");
	}
}

void say_visit_rules(struct strbuf *out, const char *language,
	const struct visit_settings *settings)
{
	static const struct {
		enum visit_number number;
		const char *sentence, *none;
	} rules[] = {
		{VISIT_BEFORE, ", {time} before", ", no time before"},
		{VISIT_AFTER, ", {time} after", ", no time after"},
		{VISIT_NOTICE, ", notice {time}", ", no notice"},
		{VISIT_AHEAD, ", at most {number} days ahead",
			", any time ahead"},
		{VISIT_MOST, ", at most {number} a day", ", any number a day"},
		{VISIT_CANCEL, ", cancel until {time} before",
			", cancel any time"},
		{VISIT_MOVE, ", move until {time} before", ", move any time"},
	};

	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
		enum visit_number which = rules[i].number;
		long said = settings->numbers[which];
		char number[24];
		bool is_said;

		if (said == VISIT_UNSAID)
			continue;
		/* None a day is none, no notice is no rule. */
		is_said = said > 0 || (!said && (which == VISIT_AHEAD ||
							which == VISIT_MOST));
		(void)snprintf(number, sizeof(number), "%ld", said);
		say_time(&time, language, said > 0 ? said : 0);
		say(out, language, is_said ? rules[i].sentence : rules[i].none,
			"time", time.text, "number", number, NULL);
	}
	if (settings->needs && *settings->needs)
		say_rooms(out, language, settings->needs);
	else if (settings->needs)
		strbuf_add(out, in_words(language, ", no room"));
}
