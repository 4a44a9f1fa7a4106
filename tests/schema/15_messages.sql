-- 15_messages.sql - what was written, privacy, office hours, handing over.
\ir helper.sql
SELECT plan(38);
SELECT pg_temp.patient('jane') AS jane \gset
SELECT pg_temp.id('ruiz') AS ruiz, pg_temp.id('chen') AS chen \gset
SELECT pg_temp.booked('jane', 'ruiz', '2026-12-03 15:20') \g /dev/null
INSERT INTO message (doctor, patient, is_doctors, at, stanza_id, body, replaces,
	is_retracted) VALUES
	(:ruiz, :jane, false, pg_temp.m('2026-11-28 10:00'), 'm1', 'It itches', NULL, false),
	(:ruiz, :jane, true, pg_temp.m('2026-11-28 11:00'), 'd1', 'Take crème 10% daily', NULL,
		false),
	(:ruiz, :jane, true, pg_temp.m('2026-11-28 11:01'), 'd2', 'Take crème 20% daily', 'd1',
		false),
	(:ruiz, :jane, false, pg_temp.m('2026-11-29 10:00'), 'm2', NULL, NULL, false),
	(:ruiz, :jane, false, pg_temp.m('2026-11-29 10:01'), 'm3', NULL, NULL, true),
	(:chen, :jane, false, pg_temp.m('2026-11-30 07:00'), 'm4', 'hello', NULL, false);

SELECT results_eq($$SELECT at_local, is_own, other_name, body, is_encrypted,
		is_corrected FROM messages('jane@localhost', NULL, NULL, NULL, NULL, 20, 0)$$,
	$$VALUES ('2026-11-30 07:00', true, 'Dr. Wei Chen', 'hello', false, false),
		('2026-11-29 10:00', true, 'Dr. Ana Ruiz', NULL, true, false),
		('2026-11-28 11:00', false, 'Dr. Ana Ruiz', 'Take crème 20% daily', false, true),
		('2026-11-28 10:00', true, 'Dr. Ana Ruiz', 'It itches', false, false)$$,
	'latest first, corrected, without what was taken back');
SELECT is((SELECT count(*)::integer FROM messages('jane@localhost', :ruiz, NULL, NULL,
	NULL, 20, 0)), 3, 'with one doctor');
SELECT is((SELECT count(*)::integer FROM messages('jane@localhost', NULL,
	'2026-11-29 00:00', NULL, NULL, 20, 0)), 2, 'since a day');
SELECT is((SELECT count(*)::integer FROM messages('jane@localhost', NULL, NULL,
	'2026-11-28 10:30', NULL, 20, 0)), 1, 'until a time');
SELECT is((SELECT body FROM messages('jane@localhost', NULL, NULL, NULL, 'CREME 20%',
	20, 0)), 'Take crème 20% daily', 'with some words, as it is now');
SELECT is_empty($$SELECT FROM messages('jane@localhost', NULL, NULL, NULL, '10%', 20,
	0)$$, 'not as it was');
SAVEPOINT corrected;
INSERT INTO message (doctor, patient, is_doctors, stanza_id, replaces)
VALUES (:ruiz, :jane, true, 'd3', 'd1');
SELECT results_eq($$SELECT body, is_encrypted, is_corrected FROM messages(
		'jane@localhost', NULL, NULL, '2026-11-28 12:00', NULL, 1, 0)$$,
	'VALUES (NULL, true, true)', 'what was corrected with something encrypted');
SELECT is_empty($$SELECT FROM messages('jane@localhost', NULL, NULL, NULL, 'creme', 20,
	0)$$, 'is not found as it was, either');
ROLLBACK TO corrected;
SELECT is((SELECT count(*)::integer FROM messages('ruiz@localhost', NULL, NULL, NULL,
	NULL, 20, 0)), 3, 'the doctor sees her own');
SELECT is((SELECT bool_and(is_own) FROM messages('ruiz@localhost', NULL, NULL, NULL,
	'take', 20, 0)), true, 'as hers');
SELECT is_empty($$SELECT FROM messages('tom@localhost', NULL, NULL, NULL, NULL, 20,
	0)$$, 'nobody else');
SELECT is_empty($$SELECT FROM messages('admin@localhost', NULL, NULL, NULL, NULL, 20,
	0)$$, 'nor the staff');
SELECT is_empty(format($$SELECT FROM messages('tom@localhost', %s, NULL, NULL, NULL,
	20, 0)$$, :jane), 'not even by number');
SELECT throws_ok($$SELECT messages('stranger@localhost', NULL, NULL, NULL, NULL, 20,
	0)$$, 'CL002', NULL, 'a stranger registers first');

SELECT mirror_note('b1', jsonb_build_array(jsonb_build_object('kind', 'message',
	'doctor', :ruiz, 'patient', :jane, 'from_doctor', true))) \g /dev/null
SELECT results_eq($$SELECT day, doctor_name, patient_name, doctor_count,
		patient_count, last_at FROM talks('admin@localhost', 20, 0)$$,
	$$VALUES ('2026-11-30', 'Dr. Ana Ruiz', 'Jane Test', 1, 0, '2026-11-30 08:00')$$,
	'an admin sees that they wrote');
SELECT throws_ok($$SELECT talks('ruiz@localhost', 20, 0)$$, 'CL002', NULL,
	'nobody else does');

SELECT results_eq($$SELECT keeps_messages, is_kept_here, message_count
	FROM privacy('jane@localhost', NULL)$$, 'VALUES (true, true, 4)', 'privacy');
SELECT is((SELECT keeps_messages FROM privacy('jane@localhost', false)), false,
	'nothing is kept from now on');
SELECT ok(NOT keeps_messages, 'and the book says so')
FROM book_people(:jane - 1, :jane, 1);
SELECT throws_ok($$SELECT privacy('stranger@localhost', NULL)$$, 'CL002', NULL,
	'a stranger has none');

SELECT results_eq($$SELECT weekday, starts, ends, answer FROM
	office_hours('ruiz@localhost', '[{"rrule": "FREQ=WEEKLY;BYDAY=MO,WE",
		"starts": "09:00", "ends": "12:00"}]', 'Until tomorrow.')$$,
	$$VALUES (1, '09:00', '12:00', 'Until tomorrow.'),
		(3, '09:00', '12:00', 'Until tomorrow.')$$, 'office hours');
SELECT is((SELECT count(*)::integer FROM office_hours('ruiz@localhost', NULL, NULL)),
	2, 'are remembered');
SELECT is((SELECT DISTINCT answer FROM office_hours('ruiz@localhost', '[{"rrule":
	"FREQ=WEEKLY;BYDAY=MO,WE", "starts": "09:00", "ends": "12:00"}]', NULL)),
	'Until tomorrow.', 'other hours, the same answer');
SELECT is((SELECT DISTINCT answer FROM office_hours('ruiz@localhost', NULL, 'Soon.')),
	'Soon.', 'another answer, the same hours');
SELECT is((SELECT DISTINCT answer FROM office_hours('ruiz@localhost', NULL, '')), NULL,
	'the usual one');
SELECT is((SELECT open FROM book_offices()), '1796025600 1796036400 1796198400 1796209200',
	'the book knows when she is there');
SELECT is_empty($$SELECT FROM office_hours('ruiz@localhost', '[]', NULL)$$,
	'and forgotten');
SELECT throws_ok($$SELECT office_hours('ruiz@localhost', NULL, 'Soon.')$$, 'CL003',
	NULL, 'no answer without hours');
SELECT throws_ok(format('SELECT office_hours(%L, %L, NULL)', 'ruiz@localhost', rules),
	'CL001', NULL, 'not ' || rules)
FROM (VALUES ('{}'), ('[1]'), ('[{"rrule": "FREQ=MONTHLY;BYDAY=MO", "starts":
	"09:00", "ends": "12:00"}]')) wrong (rules);

SELECT is((SELECT name FROM hand_over('ruiz@localhost', :jane, 'dr chen')),
	'Dr. Wei Chen', 'a patient is handed over');
SELECT ok(is_allowed, 'and may write to the colleague')
FROM contact WHERE doctor = :chen AND patient = :jane;
SELECT throws_ok(format('SELECT hand_over(%L, %s, %L)', 'okafor@localhost', :jane,
	'chen'), 'CL003', NULL, 'only by her own doctor');
SELECT throws_ok(format('SELECT hand_over(%L, %s, %L)', 'ruiz@localhost', :jane,
	'nobody'), 'CL003', NULL, 'to somebody who is there');
SELECT results_eq(format('SELECT * FROM chat_with(%L, %s)', 'jane@localhost', :ruiz),
	$$VALUES ('Dr. Ana Ruiz', 'dr.ana.ruiz', true)$$, 'where to write to her doctor');
SELECT results_eq(format('SELECT * FROM chat_with(%L, %s)', 'jane@localhost',
	pg_temp.id('okafor')), $$VALUES ('Dr. Ngozi Okafor', NULL, false)$$,
	'not to a doctor of others');
SELECT ok(local IS NULL AND NOT may_write, 'no doctor learns the address of others')
FROM chat_with('okafor@localhost', :jane);
SELECT * FROM finish();
ROLLBACK;
