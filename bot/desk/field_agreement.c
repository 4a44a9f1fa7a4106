/* field_agreement.c - whether somebody agrees: a question that is always asked,
 * for nobody agrees to what they have not read. The value is "true" or "false". */
#include "desk/fields.h"
#include "desk/shorts.h"
#include "desk/wording.h"

static const char agreeing[] =
	"keep it|keep them|keep|yes keep it|yes keep them|yes keep|please keep "
	"them"
	"|keep them please|of course|yes of course|i agree|agree|you may|yes "
	"you may"
	"|yes they may|i do|why not|sure why not|i don't mind|fine by me";
static const char refusing[] =
	"don't keep it|don't keep them|do not keep it|do not keep them|don't "
	"keep"
	"|no don't keep it|no don't keep them|do not|rather not|i'd rather not"
	"|i would rather not|better not|please don't|please do not|i do not"
	"|i don't|i disagree|none|never|no never|forget|forget them|skip";

static enum found find_agreement(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	bool is_yes;

	if (!is_asked)
		return FOUND_NOTHING;
	is_yes = reading_is_one_of(reading, agreeing) ||
		 (says_yes(reading, NULL) &&
			 !reading_is_one_of(reading, refusing));
	if (!is_yes && !says(reading, SHORT_NO) &&
		!reading_is_one_of(reading, refusing)) {
		(void)failed(error, ERROR_USAGE, "please answer yes or no");
		return FOUND_WRONG;
	}
	form_fill(filling->form, filling->index, is_yes ? "true" : "false",
		in_words(filling->request->language, is_yes ? "yes" : "no"));
	return FOUND_VALUE;
}

/* A data form shows the whole question over its two answers; in a chat the
 * question says how to answer it. */
static bool choose_agreement(struct filling *filling, struct choices *choices,
	struct error *error UNUSED)
{
	const char *language = filling->request->language;

	if (!filling->request->session[0])
		return true;
	say(&choices->intro, language, filling->field->question, NULL);
	(void)choices_add(choices, "true", in_words(language, "yes"));
	(void)choices_add(choices, "false", in_words(language, "no"));
	return true;
}

const struct field_type field_agreement = {
	.name = "agreement",
	.form_type = "text-single",
	.is_agreement = true,
	.find = find_agreement,
	.choose = choose_agreement,
};
