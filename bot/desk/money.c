/* money.c - an amount as people write it. */
#include "desk/money.h"

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "base/strbuf.h"
#include "desk/text.h"

static bool is_amount(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits;

	if (!digits || digits > 6)
		return false;
	if (*rest == '.' || *rest == ',') {
		size_t cents = strspn(rest + 1, "0123456789");

		if (cents < 1 || cents > 2)
			return false;
		rest += 1 + cents;
	}
	return !*rest;
}

/* The ISO 4217 code that a word names; NULL when it names none. */
static const char *currency_of(const char *folded)
{
	static const struct {
		const char *word, *code;
	} words[] = {{"eur", "EUR"}, {"euro", "EUR"}, {"euros", "EUR"},
		{"\xe2\x82\xac", "EUR"}, {"usd", "USD"}, {"dollar", "USD"},
		{"dollars", "USD"}, {"$", "USD"}, {"gbp", "GBP"},
		{"pounds", "GBP"}, {"\xc2\xa3", "GBP"}, {"chf", "CHF"},
		{"cop", "COP"}, {"mxn", "MXN"}, {"ars", "ARS"}, {"clp", "CLP"},
		{"pen", "PEN"}, {"brl", "BRL"}, {"sek", "SEK"}, {"nok", "NOK"},
		{"dkk", "DKK"}, {"pln", "PLN"}, {"jpy", "JPY"}, {"cad", "CAD"},
		{"aud", "AUD"}, {"inr", "INR"}};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(folded, words[i].word) == 0)
			return words[i].code;
	return NULL;
}

bool money_read(const char *piece, const char *currency, char text[MONEY_SIZE])
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	char before[16], amount[16], after[16];
	const char *code, *at, *end;

	text_fold(piece, &folded);
	at = folded.text + strcspn(folded.text, "0123456789");
	end = at + strspn(at, "0123456789.,");
	(void)snprintf(before, sizeof(before), "%.*s",
		(int)strcspn(folded.text, " 0123456789"), folded.text);
	(void)snprintf(amount, sizeof(amount), "%.*s", (int)(end - at), at);
	(void)snprintf(after, sizeof(after), "%s", end + strspn(end, " "));
	code = before[0] ? currency_of(before) : NULL;
	if (!code && after[0])
		code = currency_of(after);
	if (!is_amount(amount) || (before[0] && after[0]) ||
		((before[0] || after[0]) && !code))
		return false;
	for (char *comma = amount; *comma; comma++)
		if (*comma == ',')
			*comma = '.';
	(void)snprintf(
		text, MONEY_SIZE, "%s %s", amount, code ? code : currency);
	return true;
}
