-- 12_availability.sql - patterns, extra openings, holidays, claims, why not.
\ir helper.sql
SELECT plan(57);

CREATE FUNCTION pg_temp.open(doctor text, day_from date, day_to date)
RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(to_char(lower(during) AT TIME ZONE 'Europe/Madrid',
		'DD/HH24:MI-') || to_char(upper(during) AT TIME ZONE 'Europe/Madrid',
		'HH24:MI') || CASE WHEN is_extra THEN '*' ELSE '' END, ' '
		ORDER BY during)
	FROM clinic.opening WHERE opening.doctor = pg_temp.id(open.doctor)
		AND during && tstzrange(pg_temp.m(day_from::text),
			pg_temp.m((day_to + 1)::text))
$$;
CREATE FUNCTION pg_temp.why(who text, doctor text, at text) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', reason, code, patient_name, starts, ends, note),
		'; ')
	FROM api.why_not(who || '@localhost', pg_temp.id(doctor), at::timestamp)
$$;

-- Rules have a first day.
SELECT lives_ok($$SELECT api.hours_set('chen@localhost',
	'[{"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "starts": "09:00",
		"ends": "12:00", "first_day": "2026-12-04"},
	{"rrule": "FREQ=WEEKLY;BYDAY=MO", "starts": "09:00", "ends": "12:00"}]',
	'[["2026-12-04 09:00", "2026-12-04 12:00"]]')$$, 'a rule from a day on');
SELECT results_eq($$SELECT first_day FROM api.hours('chen@localhost')$$,
	$$VALUES ('2026-12-04'::date), ('2024-01-01')$$, 'is told; else the usual one');
SELECT throws_ok($$SELECT api.hours_set('chen@localhost', '[{"rrule": "FREQ=DAILY",
	"starts": "09:00", "ends": "12:00", "first_day": "soon"}]', '[]')$$, 'CL001',
	NULL, 'which is a day');

-- Openings that touch stay two, each with its own grid.
SELECT api.horizon_set(pg_temp.id('chen'), '2026-12-10', '2026-12-10',
	'[["2026-12-10 09:00", "2026-12-10 10:30"], ["2026-12-10 10:30",
	"2026-12-10 12:00"], ["2026-12-10 11:00", "2026-12-10 12:10"]]') \g /dev/null
SELECT is(pg_temp.open('chen', '2026-12-10', '2026-12-10'),
	'10/09:00-10:30 10/10:30-12:10', 'openings that touch stay two');

-- Extra openings.
SELECT throws_ok(format('SELECT api.%s', call), 'CL002', 'only a doctor can do that',
	call)
FROM unnest(ARRAY['also(''tom@localhost'')', 'hours_outside(''tom@localhost'')',
	'also_add(''tom@localhost'', ''[]'')',
	'also_remove(''admin@localhost'', 1)']) call;
SELECT lives_ok($$SELECT api.also_add('ruiz@localhost',
	'[["2026-12-05 10:00", "2026-12-05 13:00"]]')$$, 'once more');
SELECT is(pg_temp.open('ruiz', '2026-12-05', '2026-12-05'), '05/10:00-13:00*',
	'it is open');
SELECT lives_ok($$SELECT api.also_add('ruiz@localhost',
	'[["2026-12-04 12:00", "2026-12-04 16:00"]]')$$, 'beside her hours');
SELECT is(pg_temp.open('ruiz', '2026-12-04', '2026-12-04'),
	'04/09:00-13:00 04/13:00-15:00* 04/15:00-18:00', 'only what is new is added');
SELECT throws_ok($$SELECT api.also_add('ruiz@localhost',
	'[["2026-12-04 09:00", "2026-12-04 10:00"]]')$$, 'CL004', 'you work then already', 'not what is open');
SELECT lives_ok($$SELECT api.also_add('ruiz@localhost',
	'[["2026-12-05 12:00", "2026-12-05 14:00"]]')$$, 'over the first');
SELECT results_eq($$SELECT starts, ends FROM api.also('ruiz@localhost')$$,
	$$VALUES ('2026-12-04 12:00', '2026-12-04 16:00'),
	('2026-12-05 10:00', '2026-12-05 14:00')$$, 'becomes one');
SELECT throws_ok(format('SELECT api.also_add(%L, %L)', 'ruiz@localhost',
	jsonb_build_array(jsonb_build_array(a, b))), 'CL001', NULL, 'not from ' || coalesce(a, '(none)') || ' to ' || b)
FROM (VALUES ('2026-12-05 10:00', '2026-12-05 10:00'), (NULL, '2026-12-05 10:00'),
	('2026-12-05 10:00', '2026-12-06 11:00'), ('2026-11-05 10:00',
	'2026-11-05 11:00'), ('2036-11-05 10:00', '2036-11-05 11:00')) bad (a, b);
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-05 10:20') AS tom \gset
SELECT is((SELECT count(*)::integer FROM api.hours_set('ruiz@localhost',
	'[{"rrule": "FREQ=WEEKLY;BYDAY=SA", "starts": "09:00", "ends": "11:00"}]',
	'[["2026-12-05 09:00", "2026-12-05 11:00"]]')), 0,
	'a visit in extra hours is not outside of new ones');
SELECT is(pg_temp.open('ruiz', '2026-12-01', '2027-12-31'),
	'04/12:00-16:00* 05/09:00-11:00 05/11:00-14:00*', 'which keep them');
SELECT results_eq($$SELECT api.also_remove('chen@localhost', id)
	FROM api.also('chen@localhost')$$, 'SELECT NULL::record LIMIT 0',
	'of others there is nothing');
SELECT throws_ok(format('SELECT api.also_remove(%L, %s)', 'chen@localhost', id),
	'CL003', 'there are no such extra hours', 'nor by the id')
FROM api.also('ruiz@localhost') LIMIT 1;
SELECT pg_temp.booked('mia', 'ruiz', '2026-12-05 11:20') AS mia \gset
SELECT results_eq(format($$SELECT code FROM api.also_remove('ruiz@localhost', %s)$$,
	(SELECT max(id) FROM api.also('ruiz@localhost'))),
	format('VALUES (%L)', :'mia'), 'taken back: who is outside now');
SELECT is(pg_temp.open('ruiz', '2026-12-01', '2027-12-31'),
	'04/12:00-16:00* 05/09:00-11:00', 'her hours stay');
SELECT results_eq($$SELECT code FROM api.hours_outside('ruiz@localhost')$$,
	format('VALUES (%L)', :'mia'), 'outside of her hours is told again');
SELECT api.off_add('ruiz@localhost', '2026-12-12', '2026-12-13', 'Sailing')
	\g /dev/null
SELECT throws_ok($$SELECT api.also_add('ruiz@localhost',
	'[["2026-12-12 10:00", "2026-12-12 13:00"]]')$$, 'CL004', 'you have time off then, write "remove off" first',
	'not in time off');

SELECT throws_ok($$SELECT api.also_add('ruiz@localhost', '[["2026-12-19 10:00",
	"2026-12-19 11:00"], ["2026-12-12 10:00", "2026-12-12 11:00"]]')$$, 'CL004',
	'you have time off then, write "remove off" first', 'of several one cannot be');
SELECT is(pg_temp.open('ruiz', '2026-12-19', '2026-12-19'), NULL, 'then none is');

-- Holidays.
SELECT throws_ok(format('SELECT api.%s', call), 'CL002',
	'only an administrator can do that', call)
FROM unnest(ARRAY['holiday_add(''ruiz@localhost'', ''2026-12-05'', ''2026-12-06'')',
	'holiday_remove(''ruiz@localhost'', 1)']) call;
SELECT results_eq($$SELECT code, doctor_name, patient_name, starts FROM
	api.holiday_add('admin@localhost', '2026-12-05', '2026-12-06')$$,
	format($$VALUES (%L, 'Dr. Ana Ruiz', 'Tom Baker', '2026-12-05 10:20'),
		(%L, 'Dr. Ana Ruiz', 'Mia Wong', '2026-12-05 11:20')$$, :'tom', :'mia'),
	'a holiday: who is booked then');
SELECT lives_ok($$SELECT api.holiday_add('admin@localhost', '2026-12-05',
	'2026-12-06') FROM generate_series(1, 2)$$, 'twice');
SELECT lives_ok($$SELECT api.holiday_add('admin@localhost', '2026-12-06',
	'2026-12-07')$$, 'and the day after');
SELECT results_eq($$SELECT starts, ends FROM api.holidays('tom@localhost')$$,
	$$VALUES ('2026-12-05 00:00', '2026-12-06 00:00'),
	('2026-12-06 00:00', '2026-12-07 00:00')$$, 'are two');
SELECT is_empty($$SELECT * FROM api.slots('mia@localhost', pg_temp.id('ruiz'), NULL,
	'2026-12-05', '2026-12-06', NULL, NULL, NULL, 10, NULL)$$, 'nothing is offered');
SELECT throws_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-05 09:00')$$, 'CL004',
	'the clinic is closed at that time', 'nor booked');
SELECT throws_ok($$SELECT api.also_add('chen@localhost',
	'[["2026-12-06 10:00", "2026-12-06 13:00"]]')$$, 'CL004', 'the clinic is closed then, see "holidays"',
	'nor opened by a doctor');
SELECT is(pg_temp.why('chen', 'ruiz', '2026-12-05 09:00'),
	'closed 2026-12-05 00:00 2026-12-06 00:00', 'why not: closed');
SELECT results_eq($$SELECT starts FROM api.holiday_remove('admin@localhost',
	(SELECT min(id) FROM api.holidays('admin@localhost') WHERE starts < '2026-12-06'))
	$$, $$VALUES ('2026-12-05 00:00')$$, 'it can be taken back');
SELECT is((SELECT count(*)::integer FROM api.slots('x@y', pg_temp.id('ruiz'), NULL,
	'2026-12-05', '2026-12-05', NULL, NULL, NULL, 10, NULL)), 5,
	'then all is as before');

-- Two bots.
UPDATE clinic.doctor SET openings_through = '2027-03-01';
SELECT is((SELECT count(DISTINCT doctor)::integer FROM api.horizons_claim(2, 60)), 2,
	'a bot claims two doctors');
SELECT is((SELECT count(DISTINCT doctor)::integer FROM api.horizons_claim(9, 60)), 1,
	'another one gets the third');
SELECT is_empty($$SELECT * FROM api.horizons_claim(9, 60)$$, 'then none is left');
UPDATE clinic.clock SET offset_ms = offset_ms + 61000;
SELECT is((SELECT count(DISTINCT doctor)::integer FROM api.horizons_claim(9, 60)), 3,
	'when the lease ends they are free again');
SELECT version AS before FROM api.horizons_claim(0, 60)
	RIGHT JOIN (SELECT rules_version AS version FROM clinic.doctor
		WHERE person = pg_temp.id('okafor')) old USING (version) \gset
SELECT api.hours_set('okafor@localhost', '[{"rrule": "FREQ=DAILY", "starts": "09:00",
	"ends": "10:00"}]', '[["2026-12-03 09:00", "2026-12-03 10:00"]]') \g /dev/null
SELECT api.horizon_set(pg_temp.id('okafor'), '2026-12-01', '2028-01-01',
	'[["2026-12-03 15:00", "2026-12-03 16:00"]]', :before) \g /dev/null
SELECT is(pg_temp.open('okafor', '2026-12-01', '2028-12-31'), '03/09:00-10:00',
	'what was made of old rules is void');

-- Why not.
SELECT is(pg_temp.why('mia', 'ruiz', '2026-12-05 10:20'), 'booked', 'why not: booked');
SELECT is(pg_temp.why('tom', 'ruiz', '2026-12-05 10:20'),
	'own ' || :'tom' || ' 2026-12-05 10:20 2026-12-05 10:40', 'his own visit');
SELECT is(pg_temp.why('admin', 'ruiz', '2026-12-12 09:00'),
	'off 2026-12-12 00:00 2026-12-13 00:00 Sailing; hours; rule 2024-01-01 09:00 '
	|| '11:00 FREQ=WEEKLY;BYDAY=SA', 'staff: in full');
SELECT is(pg_temp.why('mia', 'ruiz', '2026-12-12 09:00'), 'off', 'patients: not why');
SELECT is(pg_temp.why('mia', 'ruiz', '2026-11-30 07:00'), 'past', 'past');
SELECT is(pg_temp.why('mia', 'ruiz', '2027-11-30 07:00'), 'beyond 2027-03-30 00:00',
	'beyond the horizon');
SELECT is(pg_temp.why('mia', 'ruiz', '2026-12-05 09:10'),
	'grid 2026-12-05 09:00 2026-12-05 09:20', 'between two starts');
SELECT is(pg_temp.why('mia', 'ruiz', '2026-12-05 10:50'), 'short',
	'longer than she works');
SELECT is(pg_temp.why('mia', 'ruiz', '2026-12-05 09:00'), 'free', 'free');
SELECT throws_ok($$SELECT api.why_not('mia@localhost', -1, '2026-12-05')$$, 'CL003',
	NULL, 'nobody');

SELECT * FROM finish();
ROLLBACK;
