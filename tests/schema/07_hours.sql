-- 07_hours.sql - a doctor's rules, openings, time off, and the horizon.
\ir helper.sql
SELECT plan(47);

CREATE FUNCTION pg_temp.open(doctor text, day_from date, day_to date)
RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(to_char(lower(during) AT TIME ZONE 'Europe/Madrid',
		'DD/HH24:MI-') || to_char(upper(during) AT TIME ZONE 'Europe/Madrid',
		'HH24:MI'), ' ' ORDER BY during)
	FROM clinic.opening WHERE opening.doctor = pg_temp.id(open.doctor)
		AND during && tstzrange(pg_temp.m(day_from::text),
			pg_temp.m((day_to + 1)::text))
$$;

SELECT results_eq($$SELECT rrule, starts, ends, zone FROM api.hours('chen@localhost')
	$$, $$VALUES ('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '09:00', '13:00',
		'Europe/Madrid'), ('FREQ=WEEKLY;BYDAY=MO,WE,TH', '15:00', '18:00',
		'Europe/Madrid')$$, 'hours');
SELECT results_eq($$SELECT * FROM api.horizon('chen@localhost')$$,
	$$VALUES ('2026-11-30'::date, '2027-03-30'::date)$$, 'the horizon');
SELECT throws_ok(format('SELECT api.%s', call), 'CL002', 'only a doctor can do that',
	call)
FROM unnest(ARRAY['hours(''tom@localhost'')', 'horizon(''x@y'')',
	'hours_set(''admin@localhost'', ''[]'', ''[]'')', 'off(''tom@localhost'')',
	'off_add(''tom@localhost'', ''2026-12-01'', ''2026-12-02'', NULL)',
	'off_remove(''tom@localhost'', 1)']) call;

-- New hours: from today on, an opening under way included; visits stay.
SELECT pg_temp.at('2026-12-02 10:00') \g /dev/null
SELECT pg_temp.booked('tom', 'chen', '2026-12-02 16:00') AS tom \gset
SELECT pg_temp.booked('mia', 'chen', '2026-12-03 09:20') AS mia \gset
SELECT results_eq($$SELECT code, patient_name, starts FROM
	api.hours_set('chen@localhost',
		'[{"rrule": "FREQ=WEEKLY;BYDAY=TH", "starts": "09:00", "ends": "12:00"},
		{"rrule": "FREQ=WEEKLY;BYDAY=FR", "starts": "22:00", "ends": "24:00"}]',
		'[["2026-12-03 09:00", "2026-12-03 12:00"],
		["2026-12-04 22:00", "2026-12-05 00:00"]]')$$,
	format($$VALUES (%L, 'Tom Baker', '2026-12-02 16:00')$$, :'tom'),
	'new hours: who falls outside');
SELECT is((SELECT string_agg(rrule || ' ' || starts || '-' || ends, ', ')
	FROM api.hours('chen@localhost')),
	'FREQ=WEEKLY;BYDAY=TH 09:00-12:00, FREQ=WEEKLY;BYDAY=FR 22:00-24:00',
	'are told back');
SELECT is(pg_temp.open('chen', '2026-12-01', '2027-06-01'),
	'01/09:00-13:00 03/09:00-12:00 04/22:00-00:00',
	'today''s openings are replaced, yesterday''s are not');
SELECT is((SELECT count(*)::integer FROM api.appointments('tom@localhost', NULL,
	NULL)), 1, 'the visit stays');
SELECT results_eq($$SELECT openings_through FROM clinic.doctor
	WHERE person = pg_temp.id('chen')$$, $$VALUES ('2027-04-01'::date)$$,
	'up to the horizon');
SELECT throws_ok(format('SELECT api.hours_set(%L, %L, %L)', 'chen@localhost', rules,
	'[]'), 'CL001', 'hours are recurrence rules with a begin before their end',
	'not ' || coalesce(rules, 'nothing'))
FROM unnest(ARRAY['{}', NULL, '[{}]', '[1]',
	'[{"rrule": "FREQ=DAILY", "starts": "13:00", "ends": "09:00"}]',
	'[{"rrule": "FREQ=DAILY", "starts": "09:00", "ends": "25:00"}]',
	'[{"rrule": "DROP TABLE", "starts": "09:00", "ends": "10:00"}]']) rules;
SELECT throws_ok($$SELECT api.hours_set('chen@localhost', '[]', '{}')$$, 'CL001',
	NULL, 'openings are a list');
SELECT is(pg_temp.open('chen', '2026-12-02', '2027-06-01'),
	'03/09:00-12:00 04/22:00-00:00', 'after a refusal all is as it was');
SELECT lives_ok($$SELECT api.hours_set('chen@localhost',
	'[{"rrule": "FREQ=DAILY", "starts": "09:00", "ends": "10:00"}]',
	'[["2026-12-03 09:00", "2026-12-03 12:00"],
	["2026-12-03 11:00", "2026-12-03 13:00"], ["2026-12-03 09:00",
	"2026-12-03 12:00"], ["2026-12-04 12:00", "2026-12-04 12:00"],
	["2020-01-01 09:00", "2020-01-01 10:00"]]')$$, 'openings that overlap');
SELECT is(pg_temp.open('chen', '2020-01-01', '2027-06-01'),
	'30/09:00-13:00 30/15:00-18:00 01/09:00-13:00 03/09:00-13:00',
	'become one; those of other days are left out');

-- In another zone: the rules are in the zone she had when she wrote them.
SELECT api.my_set('chen@localhost', 'timezone', 'America/Bogota') \g /dev/null
SELECT results_eq($$SELECT zone FROM api.hours('chen@localhost')$$,
	$$VALUES ('Europe/Madrid')$$, 'to see another zone moves no hours');
SELECT api.hours_set('chen@localhost', '[{"rrule": "FREQ=DAILY", "starts": "09:00",
	"ends": "10:00"}]', '[["2026-12-03 09:00", "2026-12-03 10:00"]]') \g /dev/null
SELECT is(pg_temp.open('chen', '2026-12-02', '2027-06-01'), '03/15:00-16:00',
	'to write them there does');
SELECT results_eq($$SELECT zone FROM api.hours('chen@localhost')$$,
	$$VALUES ('America/Bogota')$$, 'and is told');
SELECT api.my_set('chen@localhost', 'timezone', NULL) \g /dev/null

-- The horizon.
UPDATE clinic.doctor SET openings_through = NULL WHERE person = pg_temp.id('chen');
UPDATE clinic.doctor SET openings_through = '2027-03-31', is_active = false
WHERE person = pg_temp.id('okafor');
SELECT pg_temp.at('2026-12-05 08:00') \g /dev/null
SELECT results_eq($$SELECT doctor, from_day, through_day, rrule, starts, ends
	FROM clinic.horizons_due()$$,
	$$VALUES (pg_temp.id('ruiz'), '2027-03-31'::date, '2027-04-04'::date,
		'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '09:00', '13:00'),
	(pg_temp.id('ruiz'), '2027-03-31', '2027-04-04',
		'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '15:00', '18:00'),
	(pg_temp.id('chen'), '2026-12-05', '2027-04-04', 'FREQ=DAILY', '09:00',
		'10:00')$$, 'what is missing');
SELECT lives_ok($$SELECT api.horizon_set(pg_temp.id('ruiz'), '2027-03-31',
	'2027-04-04', '[["2027-04-01 09:00", "2027-04-01 13:00"],
	["2027-04-09 09:00", "2027-04-09 13:00"]]') FROM generate_series(1, 2)$$,
	'twice');
SELECT is(pg_temp.open('ruiz', '2027-03-30', '2027-12-31'),
	'30/09:00-13:00 30/15:00-18:00 01/09:00-13:00', 'only those days');
SELECT is_empty($$SELECT * FROM clinic.horizons_due() WHERE doctor = pg_temp.id('ruiz')$$,
	'then nothing is missing');
SELECT api.configure('Riverside Clinic', 'America/New_York', NULL, NULL, '60', 120,
	'') \g /dev/null
SELECT results_eq($$SELECT DISTINCT from_day FROM clinic.horizons_due()
	WHERE doctor = pg_temp.id('ruiz')$$, $$VALUES ('2026-12-05'::date)$$,
	'all is, when the clinic moves to another zone');
SELECT api.configure('Riverside Clinic', 'Europe/Madrid', NULL, NULL, '1440 60', 120,
	'') \g /dev/null

-- Time off.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-24 09:00') AS tom \gset
SELECT results_eq($$SELECT code, patient_name, starts FROM
		api.off_add('ruiz@localhost', '2026-12-24', '2027-01-03', E' Holi\ndays ')$$,
	format($$VALUES (%L, 'Tom Baker', '2026-12-24 09:00')$$, :'tom'),
	'time off: who is inside');
SELECT results_eq($$SELECT starts, ends, reason FROM api.off('ruiz@localhost')$$,
	$$VALUES ('2026-12-24 00:00', '2027-01-03 00:00', 'Holi days')$$, 'is told');
SELECT lives_ok($$SELECT api.off_add('ruiz@localhost', '2026-12-30', '2027-01-07',
	NULL) FROM generate_series(1, 2)$$, 'twice, and over the first');
SELECT results_eq($$SELECT starts, ends, reason FROM api.off('ruiz@localhost')$$,
	$$VALUES ('2026-12-24 00:00', '2027-01-07 00:00', 'Holi days')$$,
	'becomes one');
SELECT is_empty($$SELECT * FROM api.slots('mia@localhost', pg_temp.id('ruiz'), NULL,
	'2026-12-24', '2027-01-06', NULL, NULL, NULL, 10, NULL)$$, 'nothing is offered');
SELECT is((SELECT count(*)::integer FROM api.appointments('tom@localhost', :'tom',
	NULL) WHERE state = 'booked'), 1, 'the visit stays booked');
SELECT throws_ok(format('SELECT api.off_add(%L, %L, %L, NULL)', 'ruiz@localhost', a,
	b), 'CL001', message, 'not from ' || coalesce(a, '(none)') || ' to ' || b)
FROM (VALUES ('2026-12-24', '2026-12-24', 'time off begins before it ends'),
	('2026-12-24', '2026-12-20', 'time off begins before it ends'),
	(NULL, '2026-12-20', 'time off begins before it ends'),
	('2026-12-24', 'infinity', 'time off begins before it ends'),
	('2026-11-01', '2026-11-02', 'that time is over'),
	('2026-12-24', '2126-12-24', 'time off is within the next five years'))
	bad (a, b, message);
SELECT id FROM api.off('ruiz@localhost') \gset
SELECT throws_ok(format('SELECT api.off_remove(%L, %s)', 'chen@localhost', :id),
	'CL003', 'there is no such time off', 'another doctor cannot remove it');
SELECT results_eq(format('SELECT * FROM api.off_remove(%L, %s)', 'ruiz@localhost',
	:id), $$VALUES ('2026-12-24 00:00', '2027-01-07 00:00')$$, 'she can');
SELECT is_empty($$SELECT * FROM api.off('ruiz@localhost')$$, 'then there is none');

SELECT * FROM finish();
ROLLBACK;
