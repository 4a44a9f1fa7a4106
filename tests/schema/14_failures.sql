-- 14_failures.sql - what other booking systems are known to get wrong, one by one.
--
-- What takes two sessions at once is in races.sh; what takes a bot is in
-- tests/post and tests/talk.
\ir helper.sql
SELECT plan(48);

CREATE FUNCTION pg_temp.free(who text, doctor text, day date) RETURNS SETOF text
LANGUAGE sql AS $$
	SELECT substr(starts, 12) FROM api.slots(who || '@localhost',
		pg_temp.id(doctor), NULL, day, day, NULL, NULL, NULL, 100, NULL)
$$;
CREATE FUNCTION pg_temp.claimed() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT kind || ' ' || starts FROM api.deliveries_claim('test', 100, 60)
$$;

-- check-then-insert: the table itself refuses, whoever writes and checks.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-01 09:00') AS code \gset
SELECT throws_ok(format($$INSERT INTO clinic.appointment (code, doctor, patient,
		visit_type, during, blocked, state, fee, currency, booked_by)
	SELECT 'A7K3F', doctor, pg_temp.id('mia'), visit_type, during, blocked, %L, fee,
		currency, booked_by
	FROM clinic.appointment WHERE code = %L$$, state, :'code'), '23P01', NULL,
	'check-then-insert: a taken time cannot be ' || state)
FROM unnest(ARRAY['booked', 'arrived']) state;

-- overlapping lengths, two services of one doctor.
SELECT api.visit_type_set('ruiz@localhost', pg_temp.id('ruiz'), NULL, 'Long',
	'{"minutes": 60}') \g /dev/null
SELECT throws_ok($$SELECT api.book('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-01 08:40'), 'Long')$$, 'CL004', NULL,
	'overlapping lengths: a long one around a short one');
SELECT lives_ok($$SELECT api.book('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-01 09:20'), 'Long')$$, 'a long one after it');
SELECT is((SELECT count(*)::integer FROM pg_temp.free('jane', 'ruiz', '2026-12-01')
	WHERE free < '10:20'), 0,
	'two services of one doctor: what one takes the other does not sell');

-- a hold's key that includes the client.
SELECT lives_ok($$SELECT api.hold('tom@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-02 09:00'), NULL, NULL, NULL)$$, 'one holds');
SELECT throws_ok($$SELECT api.hold('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-02 09:00'), NULL, NULL, NULL)$$, 'CL004',
	'that time was just taken', 'a hold''s key that includes the client');
SELECT throws_ok($$SELECT api.hold('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-02 08:40'), 'Long', NULL, NULL)$$, 'CL004', NULL,
	'or the start alone');

-- book-then-cancel: a move is one change of one visit.
SELECT lives_ok(format($$SELECT api.move('tom@localhost', %L,
	pg_temp.m('2026-12-03 09:00'))$$, :'code'), 'moved');
SELECT results_eq(format($$SELECT event.state::text FROM clinic.appointment
		JOIN clinic.appointment_event event ON event.appointment = appointment.id
	WHERE appointment.code = %L ORDER BY event.id$$, :'code'),
	$$VALUES ('booked'), ('booked')$$, 'book-then-cancel: nothing was cancelled');
SELECT is((SELECT count(*)::integer FROM clinic.delivery
	WHERE kind = 'cancelled'), 0, 'nor said to be');
SELECT throws_ok(format($$SELECT api.move('tom@localhost', %L,
	pg_temp.m('2026-12-01 09:20'))$$, :'code'), 'CL004', NULL, 'a move that fails');
SELECT is((SELECT starts FROM api.appointments('tom@localhost', :'code', NULL)),
	'2026-12-03 09:00', 'keeps the old time');

-- slot list stale after booking; slot freed before the appointment is gone.
SELECT is((SELECT count(*)::integer FROM pg_temp.free('jane', 'ruiz', '2026-12-03')
	WHERE free = '09:00'), 0, 'slot list stale after booking');
SELECT api.cancel('tom@localhost', :'code', NULL) \g /dev/null
SELECT is((SELECT count(*)::integer FROM pg_temp.free('jane', 'ruiz', '2026-12-03')
	WHERE free = '09:00'), 1, 'or after cancelling');
SELECT is((SELECT count(*)::integer FROM clinic.appointment visit
	WHERE NOT is_live AND id IN (SELECT appointment FROM clinic.appointment_resource)),
	0, 'slot freed before the appointment is gone: both are one change');

-- "free" for a past slot.
SELECT pg_temp.at('2026-12-04 09:20') \g /dev/null
SELECT is((SELECT min(free) FROM pg_temp.free('tom', 'ruiz', '2026-12-04')), '09:40',
	'"free" for a past slot: the one that begins now is past');
SELECT throws_ok($$SELECT pg_temp.booked('tom', 'ruiz', '2026-12-04 09:20')$$,
	'CL004', 'that time has passed', 'and cannot be booked');
SELECT is_empty($$SELECT pg_temp.free('tom', 'ruiz', '2026-12-03')$$,
	'nor yesterday''s');

-- Reminders.
SELECT pg_temp.at('2026-12-04 10:00') \g /dev/null
DELETE FROM clinic.delivery;
SELECT pg_temp.booked('tom', 'chen', '2026-12-08 09:00') AS code \gset
SELECT pg_temp.booked('mia', 'okafor', '2026-12-08 10:00') AS other \gset
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-04 10:20') AS soon \gset
SELECT is_empty(format($$SELECT FROM clinic.delivery JOIN clinic.appointment
	ON appointment.id = appointment WHERE kind = 'reminder' AND code = %L$$, :'soon'),
	'reminder at once for a late booking');
DELETE FROM clinic.delivery WHERE kind <> 'reminder';
SELECT pg_temp.at('2026-12-07 09:07:31') \g /dev/null
SELECT results_eq('SELECT pg_temp.claimed()', $$VALUES ('reminder 2026-12-08 09:00')$$,
	'reminder by exact minute: one minute missed is not a reminder missed');
SELECT is_empty('SELECT pg_temp.claimed()', 'and it is sent once');
SELECT pg_temp.at('2026-12-07 09:09') \g /dev/null
SELECT results_eq('SELECT pg_temp.claimed()', $$VALUES ('reminder 2026-12-08 09:00')$$,
	'marked as sent although sending failed: not proved is sent again');
SELECT api.delivery_failed('test', (SELECT id FROM clinic.delivery
	WHERE holder = 'test'), 'gone') \g /dev/null
SELECT is((SELECT count(*)::integer FROM clinic.delivery
	WHERE outcome = 'sent'), 0, 'a failure is not sent');
SELECT pg_temp.at('2026-12-07 10:01') \g /dev/null
SELECT set_eq('SELECT pg_temp.claimed()', $$VALUES ('reminder 2026-12-08 09:00'),
	('reminder 2026-12-08 10:00')$$,
	'loop that stops at the first person: one who fails keeps nobody else');
SELECT api.deliveries_done('test', string_agg(id::text, ' ')) FROM clinic.delivery
WHERE holder = 'test' \g /dev/null
SELECT api.move('tom@localhost', :'code', pg_temp.m('2026-12-09 11:00')) \g /dev/null
SELECT api.cancel('mia@localhost', :'other', NULL) \g /dev/null
DELETE FROM clinic.delivery WHERE kind <> 'reminder';
SELECT pg_temp.at('2026-12-08 09:30') \g /dev/null
SELECT is_empty('SELECT pg_temp.claimed()',
	'reminder after cancel, and for the old time');
SELECT pg_temp.at('2026-12-08 11:00:01') \g /dev/null
SELECT results_eq('SELECT pg_temp.claimed()', $$VALUES ('reminder 2026-12-09 11:00')$$,
	'but for the new one');
SELECT api.deliveries_done('test', string_agg(id::text, ' ')) FROM clinic.delivery
WHERE holder = 'test' \g /dev/null
UPDATE clinic.delivery SET outcome = 'sent', ended_at = clinic.now()
WHERE outcome IS NULL;
SELECT is((SELECT wait_ms FROM api.deliveries_wait()), NULL,
	'sender that dies when nothing is due: it is told to wait');
SELECT is_empty('SELECT pg_temp.claimed()', 'and gets nothing');

-- Time. The clocks in Madrid go forward on 28 March 2027 at 2, back on 25 October
-- 2026 and 31 October 2027 at 3.
SELECT pg_temp.at('2027-03-26 08:00') \g /dev/null
CREATE FUNCTION pg_temp.open(doctor text, day date, hours text) RETURNS void
LANGUAGE sql AS $$
	SELECT api.horizon_set(pg_temp.id(doctor), day, day, jsonb_build_array(
		jsonb_build_array(day || ' ' || split_part(hours, '-', 1),
			day || ' ' || split_part(hours, '-', 2))))
$$;
SELECT pg_temp.open('ruiz', '2027-03-28', '01:00-14:00') \g /dev/null
SELECT is_empty($$SELECT free FROM pg_temp.free('tom', 'ruiz', '2027-03-28') free
	WHERE free BETWEEN '02:00' AND '02:59'$$, 'spring gap sold');
SELECT is((SELECT starts_at FROM api.slots('tom@localhost', pg_temp.id('ruiz'), NULL,
	'2027-03-28', '2027-03-28', '13:00', '13:00', NULL, 1, NULL)),
	'2027-03-28T11:00:00Z', '13:00 an hour late on the day of the change');
SELECT is((SELECT count(*)::integer FROM pg_temp.free('tom', 'ruiz', '2027-03-28')),
	12 * 3, 'days of 86,400 seconds: this one has 23 hours');
SELECT pg_temp.at('2027-10-30 08:00') \g /dev/null
SELECT pg_temp.open('ruiz', '2027-10-31', '00:00-24:00') \g /dev/null
SELECT is((SELECT count(DISTINCT free)::integer
	FROM pg_temp.free('tom', 'ruiz', '2027-10-31') free), 72,
	'and this one 25, without a time that is offered twice');
SELECT is((SELECT starts_at FROM api.slots('tom@localhost', pg_temp.id('ruiz'), NULL,
	'2027-10-31', '2027-10-31', '13:00', '13:00', NULL, 1, NULL)),
	'2027-10-31T12:00:00Z', '13:00 is 13:00 then');

SELECT pg_temp.at('2026-11-30 08:00') \g /dev/null
SET LOCAL timezone = 'Pacific/Kiritimati';
SELECT is((SELECT min(free) || ' ' || count(*)
		FROM pg_temp.free('jane', 'okafor', '2026-12-02') free), '10:00 12',
	'"day" taken in the server''s zone');
SET LOCAL timezone = 'UTC';
SELECT api.my_set('tom@localhost', 'timezone', 'Asia/Kolkata') \g /dev/null
SELECT is((SELECT min(free) FROM pg_temp.free('tom', 'okafor', '2026-12-02') free),
	'14:30', 'half-hour zones: 10:00 in Madrid is 14:30 in Kolkata');
SELECT lives_ok($$SELECT api.book('tom@localhost', pg_temp.id('okafor'),
	(SELECT starts_at::timestamptz FROM api.slots('tom@localhost',
		pg_temp.id('okafor'), NULL, '2026-12-02', '2026-12-02', '14:30', '14:30',
		NULL, 1, NULL)))$$, 'and can be booked');
SELECT api.my_set('mia@localhost', 'timezone', 'Pacific/Kiritimati') \g /dev/null
SELECT is((SELECT starts || ' ' || starts_at FROM api.slots('mia@localhost',
	pg_temp.id('okafor'), NULL, '2026-12-03', '2026-12-03', NULL, NULL, NULL, 1,
	NULL)), '2026-12-03 00:00 2026-12-02T10:00:00Z',
	'wrong day across the date line: Thursday midnight there is Wednesday here');
SELECT is((SELECT starts FROM api.book('mia@localhost', pg_temp.id('okafor'),
	'2026-12-02T10:00:00Z')), '2026-12-03 00:00', 'said so to the patient');
SELECT is((SELECT day || ' ' || starts FROM api.agenda('okafor@localhost',
	'2026-12-02', '2026-12-02') WHERE patient_name = 'Mia Wong'),
	'2026-12-02 2026-12-02 11:00', 'and so to the doctor');

-- Staff.
SELECT api.visit_type_set('ruiz@localhost', pg_temp.id('ruiz'), NULL, 'Visit',
	'{"notice": 1440, "cancel": 2880, "move": 2880}') \g /dev/null
SELECT is((SELECT min(starts) FROM api.slots('tom@localhost', pg_temp.id('ruiz'),
	NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL)) > '2026-12-01', true,
	'a patient keeps notice');
SELECT is((SELECT starts FROM api.book('admin@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-11-30 10:00'), NULL, pg_temp.id('tom'))), '2026-11-30 10:00',
	'staff bound by their own notice');
SELECT lives_ok($$SELECT api.cancel('ruiz@localhost', (SELECT code
	FROM api.agenda('ruiz@localhost', NULL, NULL)), NULL)$$, 'or by a deadline');

-- a doctor's zone change that freezes old bookings.
SELECT pg_temp.booked('jim', 'chen', '2026-12-10 09:00') FROM pg_temp.patient('jim')
	\g /dev/null
SELECT api.my_set('chen@localhost', 'timezone', 'America/Bogota') \g /dev/null
SELECT api.hours_set('chen@localhost',
	'[{"rrule": "FREQ=WEEKLY;BYDAY=TH", "starts": "09:00", "ends": "11:00"}]',
	'[["2026-12-10 09:00", "2026-12-10 11:00"]]') \g /dev/null
SELECT is((SELECT starts FROM api.appointments('jim@localhost', NULL, NULL)),
	'2026-12-10 09:00', 'a doctor''s zone change leaves visits where they were');
SELECT lives_ok($$SELECT api.move('jim@localhost', (SELECT code
	FROM api.appointments('jim@localhost', NULL, NULL)),
	pg_temp.m('2026-12-10 15:00'))$$, 'and they can be moved');
SELECT lives_ok($$SELECT api.cancel('jim@localhost', (SELECT code
	FROM api.appointments('jim@localhost', NULL, NULL)), NULL)$$, 'and cancelled');

-- The first two viewers of a day create it twice.
UPDATE clinic.doctor SET openings_through = NULL WHERE person = pg_temp.id('ruiz');
SELECT is((SELECT count(DISTINCT doctor)::integer FROM api.horizons_claim(10, 60)), 1,
	'the first two viewers of a day: one makes it');
SELECT is_empty('SELECT * FROM api.horizons_claim(10, 60)', 'the other does not');

SELECT * FROM finish();
ROLLBACK;
