/* when_english.c - the English words for days and times.
 *
 * Words that mean the same stand in one row, with commas between them; they
 * are written in lower case, with spaces where a sentence has spaces or
 * hyphens. The longest one that fits is taken; a word stands in one row only.
 * What begins with # counts only right after digits: the "#pm" of "3pm". */
#include "desk/when_words.h"

#include "base/civil.h"

/* clang-format off */
const struct when_words when_english[] = {
	{NUMBER, 0, "zero"},
	{NUMBER, 1, "one"},
	{NUMBER, 2, "two, a couple of, couple of, a couple, couple"},
	{NUMBER, 3, "three, a few, few"},
	{NUMBER, 4, "four"},
	{NUMBER, 5, "five"},
	{NUMBER, 6, "six"},
	{NUMBER, 7, "seven"},
	{NUMBER, 8, "eight"},
	{NUMBER, 9, "nine"},
	{NUMBER, 10, "ten"},
	{NUMBER, 11, "eleven"},
	{NUMBER, 12, "twelve"},
	{NUMBER, 13, "thirteen"},
	{NUMBER, 14, "fourteen"},
	{NUMBER, 15, "fifteen"},
	{NUMBER, 16, "sixteen"},
	{NUMBER, 17, "seventeen"},
	{NUMBER, 18, "eighteen"},
	{NUMBER, 19, "nineteen"},
	{NUMBER, 20, "twenty"},
	{NUMBER, 30, "thirty"},
	{NUMBER, 40, "forty, fourty"},
	{NUMBER, 50, "fifty"},

	{ORDINAL, 1, "first"},
	{ORDINAL, 2, "second"},
	{ORDINAL, 3, "third"},
	{ORDINAL, 4, "fourth"},
	{ORDINAL, 5, "fifth"},
	{ORDINAL, 6, "sixth"},
	{ORDINAL, 7, "seventh"},
	{ORDINAL, 8, "eighth"},
	{ORDINAL, 9, "ninth"},
	{ORDINAL, 10, "tenth"},
	{ORDINAL, 11, "eleventh"},
	{ORDINAL, 12, "twelfth"},
	{ORDINAL, 13, "thirteenth"},
	{ORDINAL, 14, "fourteenth"},
	{ORDINAL, 15, "fifteenth"},
	{ORDINAL, 16, "sixteenth"},
	{ORDINAL, 17, "seventeenth"},
	{ORDINAL, 18, "eighteenth"},
	{ORDINAL, 19, "nineteenth"},
	{ORDINAL, 20, "twentieth"},
	{ORDINAL, 30, "thirtieth"},

	{SUFFIX, 0, "#st, #nd, #rd, #th"},

	{WEEKDAY, MONDAY, "monday, mondays"},
	{WEEKDAY, TUESDAY, "tuesday, tuesdays, tue, tues"},
	{WEEKDAY, WEDNESDAY,
		"wednesday, wednesdays, weds, wensday, wednsday, wendsday, "
		"wednessday"},
	{WEEKDAY, THURSDAY, "thursday, thursdays, thu, thur, thurs"},
	{WEEKDAY, FRIDAY, "friday, fridays, fri"},
	{WEEKDAY, SATURDAY, "saturday, saturdays"},
	{WEEKDAY, SUNDAY, "sunday, sundays"},
	{WEEKDAY, MONDAY | DOUBT, "mon"},
	{WEEKDAY, WEDNESDAY | DOUBT, "wed"},
	{WEEKDAY, SATURDAY | DOUBT, "sat"},
	{WEEKDAY, SUNDAY | DOUBT, "sun"},

	{MONTH, 1, "january"},
	{MONTH, 1 | DOUBT, "jan"},
	{MONTH, 2, "february, feb"},
	{MONTH, 3 | DOUBT, "march, mar"},
	{MONTH, 4, "apr"},
	{MONTH, 4 | DOUBT, "april"},
	{MONTH, 5 | DOUBT, "may"},
	{MONTH, 6, "jun"},
	{MONTH, 6 | DOUBT, "june"},
	{MONTH, 7, "july, jul"},
	{MONTH, 8, "aug"},
	{MONTH, 8 | DOUBT, "august"},
	{MONTH, 9, "september, sep, sept"},
	{MONTH, 10, "october, oct"},
	{MONTH, 11, "november, nov"},
	{MONTH, 12, "december, dec"},

	{UNIT, UNIT_MINUTE, "minute, minutes, min, mins, #m"},
	{UNIT, UNIT_HOUR, "hour, hours, hr, hrs, h"},
	{UNIT, UNIT_DAY, "day, days, #d"},
	{UNIT, UNIT_WEEK, "week, weeks, wk, wks"},
	{UNIT, UNIT_FORTNIGHT, "fortnight, fortnights"},
	{UNIT, UNIT_MONTH, "month, months"},
	{UNIT, UNIT_YEAR, "year, years, yr, yrs"},
	{UNIT, UNIT_WEEKEND, "weekend, weekends, week end"},
	{UNIT, UNIT_WORKDAY,
		"weekday, weekdays, workday, workdays, working day, working "
		"days, business day, business days"},

	{PART, PART_MORNING, "morning, forenoon, morn"},
	{PART, PART_MORNING | DOUBT, "mornings"},
	{PART, PART_AFTERNOON, "afternoon, arvo, aft, after noon"},
	{PART, PART_AFTERNOON | DOUBT, "afternoons"},
	{PART, PART_EVENING, "evening"},
	{PART, PART_EVENING | DOUBT, "evenings"},
	{PART, PART_NIGHT, "night, nite, nighttime, night time"},
	{PART, PART_NIGHT | DOUBT, "nights"},
	{PART, PART_LUNCH,
		"lunch, lunchtime, lunch time, lunch break, lunch hour"},
	{PART, PART_AFTER_LUNCH, "after lunch, after lunchtime"},
	{PART, PART_AFTER_WORK, "after work, after office hours, after hours"},
	{PART, PART_BEFORE_WORK, "before work"},
	{PART, PART_AFTER_SCHOOL, "after school"},
	{PART, PART_FIRST_THING,
		"first thing, first thing in the morning, first thing in the "
		"am, crack of dawn"},
	{PART, PART_END_OF_DAY,
		"last thing, end of day, end of the day, the end of the day, "
		"at the end of the day, the end of day, eod, close of "
		"business, cob, end of business"},
	{PART, PART_OFFICE_HOURS,
		"office hours, business hours, working hours, during the day, "
		"daytime"},
	{PART, PART_BREAKFAST, "breakfast, breakfast time"},
	{PART, PART_DINNER,
		"dinner, dinnertime, dinner time, supper, suppertime"},
	{PART, PART_MIDMORNING, "midmorning, mid morning"},
	{PART, PART_MIDAFTERNOON, "midafternoon, mid afternoon"},

	{RELATIVE, 0, "today, 2day, tday, todays, later today, today's"},
	{RELATIVE, 1,
		"tomorrow, tomorow, tommorow, tommorrow, tomorro, tomorrows, "
		"tmrw, tmr, tmrow, tmw, tmmrw, tomoz, tomo, 2moro, 2morrow, "
		"2mrw, 2moz"},
	{RELATIVE, 2,
		"day after tomorrow, the day after tomorrow, day after tmrw, "
		"overmorrow"},
	{RELATIVE, TONIGHT, "tonight, tonite, 2nite, 2night, tonigh"},
	{RELATIVE, -1, "yesterday, yday, last night"},
	{RELATIVE, -2, "day before yesterday, the day before yesterday"},

	{FEAST, 1225, "christmas, christmas day, xmas, xmas day"},
	{FEAST, 1224, "christmas eve, xmas eve"},
	{FEAST, 1226, "boxing day"},
	{FEAST, 101,
		"new year, new years, new year's, new year's day, new years "
		"day"},
	{FEAST, 1231, "new year's eve, new years eve, nye"},
	{FEAST, 214,
		"valentine's day, valentine day, valentines day, valentine's, "
		"valentines"},
	{FEAST, 1031, "halloween"},
	{FEAST, EASTER, "easter, easter sunday"},
	{FEAST, EASTER - 2, "good friday"},
	{FEAST, EASTER + 1, "easter monday"},
	{FEAST, 106, "epiphany"},
	{FEAST, THANKSGIVING, "thanksgiving, thanksgiving day"},
	{FEAST, THANKSGIVING + 1, "black friday"},
	{FEAST, 317, "st patrick's day, st patricks day, saint patrick's day"},
	{FEAST, 704, "independence day"},

	{FIXED, 12 * 60, "noon, midday, mid day, noontime, high noon"},
	{FIXED, 0, "midnight, mid night"},

	{AM_PM, 0, "am, #a, a m, ante meridiem"},
	{AM_PM, 12 * 60, "pm, #p, pmish, p m, post meridiem"},

	{OCLOCK, 0, "o'clock, oclock, o clock, clock"},
	{OCLOCK, HOUR_MARK, "#h, #u"},

	{PAST, 0, "past"},

	{FRACTION, 30, "half"},
	{FRACTION, 15, "quarter, qtr"},

	{A, 0, "a, an"},

	{THE, 0, "the"},

	{OF, 0, "of"},

	{ON, 0, "on"},

	{AT, 0, "at, @"},

	{IN, 0, "in, during"},
	{IN, IN_WITHIN, "within, over, in less than, inside"},

	{FOR, 0, "for"},

	{FROM, 0,
		"from, starting, starting from, starting at, starting on, "
		"beginning, beginning at, commencing"},

	{TO, 0, "to, through, thru"},

	{BETWEEN, 0, "between, btw, btwn, anywhere between"},

	{AND, 0, "and, n"},

	{OR, 0, "or, or maybe, or alternatively, or perhaps"},

	{AFTER, 0,
		"after, not before, no earlier than, not earlier than, no "
		"sooner than, later than"},
	{AFTER, ON_OR_AFTER, "on or after, at or after"},

	{BEFORE, 0, "before, earlier than, prior to, b4"},

	{UNTIL, TILL, "till, til, until, untill, up to"},
	{UNTIL, 0,
		"by, no later than, not later than, not after, before or at, "
		"no later then, at the latest by, at latest"},

	{ABOUT, 0,
		"about, around, approximately, approx, roughly, circa, ca, "
		"near, close to, sometime around, some time around, at "
		"around, at about, say around, somewhere around"},

	{ISH, 0,
		"ish, or so, or thereabouts, more or less, sharp, exactly, on "
		"the dot"},

	{TAIL, 1,
		"or later, or after, onwards, onward, and later, or "
		"afterwards, and after, at the earliest, and onwards"},
	{TAIL, -1, "or earlier, or before, or sooner, at the latest"},

	{WHICH, THIS, "this, current, dis"},
	{WHICH, NEXT, "next, nxt, following, the following"},
	{WHICH, COMING,
		"coming, upcoming, this coming, the coming, this upcoming, "
		"the upcoming, this next"},
	{WHICH, LAST, "last, previous"},
	{WHICH, AFTER_NEXT, "after next, after the next"},

	{EDGE, EARLY,
		"early, beginning of, start of, the beginning of, the start "
		"of, at the beginning of, at the start of, earlier in, early "
		"in"},
	{EDGE, MID,
		"mid, middle of, the middle of, midst of, the middle, halfway "
		"through"},
	{EDGE, LATE,
		"late, end of, the end of, at the end of, last part of, later "
		"in, late in, towards the end of, toward the end of, latter "
		"part of, by the end of, before the end of"},
	{EDGE, FIRST_HALF, "first half of, the first half of"},
	{EDGE, SECOND_HALF, "second half of, the second half of"},
	{EDGE, REST, "later, later on, rest of, the rest of, the remainder of"},

	{HENCE, 1, "time, from now, hence, from today"},
	{HENCE, -1, "ago"},
	{HENCE, EARLIER, "earlier, sooner"},
	{PUSH, 1, "back, back by, later by"},
	{PUSH, -1, "forward, forward by, earlier by, sooner by"},

	{SOON, 0,
		"as soon as possible, asap, earliest, soonest, soon as "
		"possible, first available, next available, earliest "
		"available, soonest available, right away, immediately, at "
		"your earliest convenience, straight away, the sooner the "
		"better, first free, next free, next opening, first opening, "
		"next slot, first slot, as early as possible, earliest "
		"possible, soonest possible, next possible, first possible, "
		"at once, as soon as you can, urgently, a s a p, very soon, "
		"first appointment available, next appointment available, "
		"first available appointment, next available appointment, "
		"earliest appointment"},
	{SOON, 1, "now, right now, straightaway"},

	{ANY, 0, "any, every, each, all, any of the"},
	{ANY, ANY_TIME,
		"any time, anytime, whenever, all day, all day long, any day, "
		"whichever day, any hour, every day, everyday, daily, whole "
		"day, the whole day, the entire day"},

	{SAY, 0,
		"do, try, make it, how about, what about, say, let's say, "
		"lets say, prefer, maybe, perhaps, possibly, let's do, lets "
		"do, go for, let's go for, let's make it, lets make it, set "
		"it for, set for, book for, at like, like at"},

	{NOT, 0,
		"not, cannot, can't, cant, don't, dont, doesn't, doesnt, "
		"didn't, isn't, isnt, won't, wont, wouldn't, couldn't, never, "
		"except, except for, excluding, besides, other than, apart "
		"from, instead of, rather than, anything but, any day but, "
		"any time but, anytime but, everything but, any but, all but, "
		"every day but, impossible, no good, unavailable, busy, away, "
		"hate, unable, avoid, aren't, in place of, as opposed to, "
		"without, no more, can not, is bad, is out, are out, bad for "
		"me"},

	{BUT, NO, "no, nope, nah"},
	{BUT, 0,
		"but, so, then, however, though, rather, instead, better, "
		"because, while, although, actually, sorry, wait, i mean, i "
		"meant, correction, scratch that, oops, or rather, better "
		"yet, make that, hmm, strike that"},

	{OTHERWISE, 0,
		"otherwise, or else, if not, alternatively, failing that"},

	{MOVE, 0,
		"move, moved, moving, change, changed, changing, reschedule, "
		"rescheduled, rescheduling, re schedule, resched, postpone, "
		"postponed, shift, shifted, push, pushed, switch, switched, "
		"swap, transfer"},
	{MOVE, 1, "put back, push back, move back, put back by, push back by"},
	{MOVE, -1, "bring forward, bring forward by, move up, moved up"},

	{GONE, 0,
		"since, ever since, had been, was on, was at, was in, was "
		"supposed to be, i had, we had, was there, were there, saw, "
		"visited, missed, went, came, was booked, was scheduled, "
		"something else, i have a meeting, i have another, i have "
		"work, i work, i'm working, i am working, my shift, i leave"},

	{ASK, 0,
		"book, schedule, reserve, arrange, make, set, put, give, can, "
		"could, would, will, shall, please, pls, plz, want, need, "
		"like, is, are, let, let's, lets, fit, what, how, when, have"},

	{TITLE, 0, "dr, mr, mrs, ms, prof, professor"},

	{PRONOUN, 0,
		"i, we, you, they, he, she, it, there, my, your, who, me, us, "
		"our, u, anybody, anyone, somebody, someone"},

	{THING, ORDINAL_ONLY,
		"floor, opinion, appointment, slot, doctor, patient, visit, "
		"name, grade, place, attempt, call, message, question, thing, "
		"reason, part, class, son, daughter, line, row, entry, item, "
		"of all, and foremost, date, check, session, round, step, "
		"molar, tooth, anniversary, degree, party, base, aid, "
		"opening, level, edition, century, generation, world, "
		"language"},
	{THING, ADJECTIVE, "available, free, open, possible"},
	{THING, STREET,
		"street, st, avenue, ave, road, lane, boulevard, blvd, ln"},
	{THING, 0,
		"people, persons, person, adults, adult, kids, kid, child, "
		"children, guests, guest, seats, seat, rooms, tickets, "
		"ticket, star, stars, miles, mile, km, kms, kilometers, "
		"meters, metres, times, options, option, choices, choice, "
		"pills, tablets, mg, ml, kg, kgs, lb, lbs, percent, patients, "
		"friends, bags, beds, bedrooms, passengers, travelers, "
		"travellers, of them, of us, slots, appointments, visits, "
		"doctors, years old, yrs old, year old, months old, weeks "
		"old, month old, feet, ft, degrees, items, questions, things, "
		"problems, teeth, fillings, stops, per cent, girls, boys, "
		"women, men, ladies, songs, restaurants, hotels, reminders, "
		"alarms, inches, cm, mm, steps, calories, hundred, thousand, "
		"million, of these, of those, others, more, reasons, ways, "
		"bathrooms, places"},
	{THING, MONEY,
		"dollars, dollar, euros, euro, eur, usd, gbp, pounds, bucks, "
		"cents, quid, pesos, rupees, yen, francs, chf, inr"},

	{WORD, 0,
		"#t, #z, that night, that evening, that morning, that "
		"afternoon, that week, that weekend, by the way, one moment, "
		"first of all, second of all, once upon, sundry, on time, in "
		"time, in person, last name, first name, at least, at first, "
		"may be, may i, may we, may have, mourning, second thought, "
		"second thoughts, at last, all set, no one, this one, that "
		"one, each one, which one, the one, second opinion, at most, "
		"so far, so much, so many, so long as, good morning, good "
		"afternoon, good evening, goodnight, good night, morning all, "
		"have a good day, good day, have a nice day, nice day, great "
		"day, good weekend, nice weekend, great weekend, nice "
		"evening, great evening, nice afternoon, for now, by now, "
		"before now, after all, around here, around there, about it, "
		"about that, about this, after that, before that, not sure, "
		"next to, for a while, till then, until then, by then, same "
		"day, same time, the same day, the same time, from there, "
		"from here, not only, not just, why not, if not too, no "
		"problem, no worries, no thanks, no thank you, not a problem, "
		"not bad, can't wait, cant wait, cannot wait, why don't, why "
		"dont, don't know, dont know, not yet, don't mind, dont mind, "
		"no matter, doesn't matter, doesnt matter, don't care, dont "
		"care, not at all, don't forget, dont forget, don't hesitate, "
		"don't worry, dont worry, if you don't mind, no rush, no "
		"hurry, morning sickness, last minute, just in time, half "
		"price, half off, quarter final, the other day, these days, "
		"one day, some day, someday, day care, daycare, night shift, "
		"day shift, full time, part time, first class, second class, "
		"second hand, minute clinic, hour long, long time, three "
		"quarters, sun screen, sunscreen, sun burn, sunburn, mon ami, "
		"sat nav, tax year, a while, all the time, day to day, week "
		"to week, one by one, one to one, one on one"},
	{0, 0, NULL},
};
/* clang-format on */
