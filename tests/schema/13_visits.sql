-- 13_visits.sql - visit types, their buffers and rules; rooms; holds.
\ir helper.sql
SELECT plan(88);

CREATE FUNCTION pg_temp.set(jid text, name text, settings text,
	doctor text DEFAULT 'ruiz', specialty text DEFAULT NULL) RETURNS boolean
LANGUAGE sql AS $$
	SELECT is_new FROM api.visit_type_set(jid || '@localhost',
		CASE WHEN specialty IS NULL THEN pg_temp.id(doctor) END,
		pg_temp.spec(specialty), name, settings::jsonb)
$$;
-- The first free starts of a type on a day, as "09:00 09:20".
CREATE FUNCTION pg_temp.free(who text, type text, day date, most integer DEFAULT 5,
	doctor text DEFAULT 'ruiz') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(substr(starts, 12), ' ' ORDER BY starts)
	FROM api.slots(who || '@localhost', pg_temp.id(doctor), NULL, day, day, NULL,
		NULL, NULL, most, NULL, type)
$$;
CREATE FUNCTION pg_temp.book(who text, local text, type text DEFAULT NULL,
	doctor text DEFAULT 'ruiz') RETURNS text LANGUAGE sql AS $$
	SELECT code FROM api.book(who || '@localhost', pg_temp.id(doctor),
		pg_temp.m(local), type)
$$;
CREATE FUNCTION pg_temp.hold(who text, local text, doctor text DEFAULT 'ruiz',
	moving text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT starts FROM api.hold(who || '@localhost', pg_temp.id(doctor),
		pg_temp.m(local), NULL, NULL, moving)
$$;

-- Types.
SELECT results_eq($$SELECT name, minutes, fee, is_usual, owner
	FROM api.visit_types('tom@localhost', pg_temp.id('ruiz'), NULL)$$,
	$$VALUES ('Visit', 20, '40', true, 'Dr. Ana Ruiz')$$, 'every doctor has one');
SELECT is(pg_temp.set('ruiz', 'Follow-up',
	'{"minutes": 10, "fee": 20, "video": true}'), true, 'a doctor adds one');
SELECT is(pg_temp.set('ruiz', 'follow-up', '{"fee": 25}'), false, 'and changes it');
SELECT results_eq($$SELECT name, minutes, fee, currency, is_video
	FROM api.visit_types('tom@localhost', pg_temp.id('ruiz'), NULL)$$,
	$$VALUES ('Visit', 20, '40', 'EUR', false),
		('Follow-up', 10, '25', 'EUR', true)$$, 'what was not said stays');
SELECT is(pg_temp.set('admin', 'First visit', '{"minutes": 40, "fee": 70}', NULL,
	'Dermatology'), true, 'an admin adds one for a specialty');
SELECT is(pg_temp.set('admin', 'Follow-up', '{"minutes": 30}', NULL,
	'Dermatology'), true, 'of a name that a doctor has herself');
SELECT results_eq($$SELECT name, minutes, owner
	FROM api.visit_types('tom@localhost', pg_temp.id('ruiz'), NULL)$$,
	$$VALUES ('Visit', 20, 'Dr. Ana Ruiz'), ('Follow-up', 10, 'Dr. Ana Ruiz'),
		('First visit', 40, 'Dermatology')$$, 'her own goes first');
SELECT results_eq($$SELECT name, minutes
	FROM api.visit_types('tom@localhost', pg_temp.id('okafor'), NULL)$$,
	$$VALUES ('Visit', 20), ('First visit', 40), ('Follow-up', 30)$$,
	'who has none gets the specialty''s');
SELECT is((SELECT count(*)::integer FROM api.visit_types('tom@localhost', NULL,
	pg_temp.spec('Dermatology'))), 3, 'of a specialty each name once');
SELECT is((SELECT count(*)::integer
	FROM api.visit_types('admin@localhost', NULL, NULL)), 6, 'all, for an admin');
SELECT throws_ok(format($$SELECT pg_temp.set(%L, 'X', %L, %L)$$, who, settings,
	doctor), state, NULL, why)
FROM (VALUES ('chen', '{}', 'ruiz', 'CL002', 'another doctor''s'),
	('tom', '{}', 'ruiz', 'CL002', 'a patient'),
	('ruiz', '{"minutes": 4}', 'ruiz', 'CL001', 'too short'),
	('ruiz', '{"minutes": "long"}', 'ruiz', 'CL001', 'no number'),
	('ruiz', '{"minutes": null}', 'ruiz', '23502', 'no length'),
	('ruiz', '[]', 'ruiz', 'CL001', 'no settings'),
	('ruiz', '{"needs": "ECG"}', 'ruiz', 'CL003', 'no such room'))
	bad (who, settings, doctor, state, why);

-- Lengths: the grid is the doctor's, or a shorter visit's.
SELECT is(pg_temp.free('tom', 'follow-up', '2026-12-01'),
	'09:00 09:10 09:20 09:30 09:40', 'short visits start closer together');
SELECT is(pg_temp.free('tom', 'First visit', '2026-12-01', 20),
	'09:00 09:20 09:40 10:00 10:20 10:40 11:00 11:20 11:40 12:00 12:20 15:00 15:20 '
	|| '15:40 16:00 16:20 16:40 17:00 17:20', 'long ones end with the hours');
SELECT is(pg_temp.free('tom', 'nonsense', '2026-12-01'), NULL, 'no such type');
SELECT throws_ok($$SELECT pg_temp.book('tom', '2026-12-01 09:00', 'nonsense')$$,
	'CL003', 'there is no visit "nonsense" with that doctor', 'nor to book');
SELECT results_eq($$SELECT substr(starts, 12), substr(ends, 12), fee, visit_type,
		is_video
	FROM api.book('tom@localhost', pg_temp.id('ruiz'), pg_temp.m('2026-12-01 09:10'),
		'FOLLOW-UP')$$, $$VALUES ('09:10', '09:20', '25', 'Follow-up', true)$$,
	'a short one is booked');
SELECT is(pg_temp.free('mia', 'First visit', '2026-12-01', 2), '09:20 09:40',
	'two lengths do not overlap');
SELECT throws_ok($$SELECT pg_temp.book('mia', '2026-12-01 09:00', 'First visit')$$,
	'CL004', 'that time was just taken', 'nor in book');
SELECT is((SELECT fee || ' ' || fee_most FROM api.doctors('tom@localhost',
	pg_temp.spec('Dermatology'), NULL, NULL, NULL, NULL)
	WHERE id = pg_temp.id('ruiz')), '25 70', 'from the lowest to the highest fee');

-- Buffers.
SELECT pg_temp.set('ruiz', 'Surgery', '{"minutes": 20, "before": 10, "after": 30}')
	\g /dev/null
SELECT is(pg_temp.free('mia', 'Surgery', '2026-12-01', 2), '09:40 10:00',
	'the buffer before does not touch a visit');
SELECT lives_ok($$SELECT pg_temp.book('mia', '2026-12-01 10:20', 'Surgery')$$,
	'booked with buffers');
SELECT is(pg_temp.free('tom', NULL, '2026-12-01', 5), '09:20 09:40 11:20 11:40 12:00',
	'the buffers are nobody''s');
SELECT throws_ok($$SELECT pg_temp.book('tom', '2026-12-01 10:00')$$, 'CL004',
	'that time was just taken', 'not before it');
SELECT throws_ok($$SELECT pg_temp.book('tom', '2026-12-01 11:00')$$, 'CL004',
	'that time was just taken', 'nor after it');
SELECT lives_ok($$SELECT pg_temp.book('mia', '2026-12-01 10:40', NULL, 'chen')$$,
	'a buffer is not the patient''s');

-- Notice, how far ahead, the most a day, deadlines.
SELECT pg_temp.set('ruiz', 'Check', '{"minutes": 20, "notice": 180, "ahead": 7,
	"most": 2, "cancel": 1440, "move": 720}') \g /dev/null
SELECT pg_temp.at('2026-11-30 07:59') \g /dev/null
SELECT is(pg_temp.free('tom', 'Check', '2026-11-30', 2), '11:00 11:20',
	'notice is kept');
SELECT is(pg_temp.free('admin', 'Check', '2026-11-30', 2), '09:00 09:20',
	'staff need not');
SELECT throws_ok($$SELECT pg_temp.book('tom', '2026-11-30 10:40', 'Check')$$, 'CL004',
	'that is too short notice: 3 hours before is the latest', 'too short notice');
SELECT is(pg_temp.free('tom', 'Check', '2026-12-07', 1), '09:00', 'seven days');
SELECT is(pg_temp.free('tom', 'Check', '2026-12-08', 1), NULL, 'not more');
SELECT throws_ok($$SELECT pg_temp.book('tom', '2026-12-08 09:00', 'Check')$$, 'CL004',
	'that is too far ahead: 7 days before is the earliest', 'too far ahead');
SELECT pg_temp.book('tom', '2026-12-02 09:00', 'Check') AS code \gset
SELECT pg_temp.book('mia', '2026-12-02 09:20', 'Check') AS second \gset
SELECT is(pg_temp.free('tom', 'Check', '2026-12-02', 1), NULL, 'the day is full');
SELECT is(pg_temp.free('tom', NULL, '2026-12-02', 1), '09:40', 'for this type');
SELECT throws_ok($$SELECT pg_temp.book('tom', '2026-12-02 12:00', 'Check')$$, 'CL004',
	'that day is full for this kind of visit', 'in book as well');
SELECT lives_ok(format($$SELECT api.move('tom@localhost', %L,
	pg_temp.m('2026-12-02 12:00'))$$, :'code'), 'but a visit moves within it');
SELECT is((SELECT reason FROM api.why_not('tom@localhost', pg_temp.id('ruiz'),
	at::timestamp, 'Check')), reason, 'why not at ' || at)
FROM (VALUES ('2026-11-30 10:40', 'notice'), ('2026-12-08 09:00', 'ahead'),
	('2026-12-02 15:00', 'most'), ('2026-12-01 15:00', 'free')) asked (at, reason);
SELECT pg_temp.at('2026-12-01 12:01') \g /dev/null
SELECT throws_ok(format($$SELECT api.cancel('tom@localhost', %L, NULL)$$, :'code'),
	'CL002', format('the visit "%s" could be cancelled until 1 day before it, please '
	|| 'ask the clinic', :'code'), 'the deadline for cancelling');
SELECT lives_ok(format($$SELECT api.move('tom@localhost', %L,
	pg_temp.m('2026-12-02 11:40'))$$, :'code'), 'moving has its own');
SELECT pg_temp.at('2026-12-02 00:00') \g /dev/null
SELECT throws_ok(format($$SELECT api.move('tom@localhost', %L,
	pg_temp.m('2026-12-02 12:00'))$$, :'code'), 'CL002', NULL, 'until then');
SELECT lives_ok(format($$SELECT api.cancel(%L, %L, NULL)$$, who || '@localhost',
	which), who || ' need not keep it')
FROM (VALUES ('ruiz', :'code'), ('admin', :'second')) staff (who, which);
SELECT pg_temp.at('2026-11-30 08:00') \g /dev/null

-- Rooms.
SELECT throws_ok($$SELECT api.room_add('ruiz@localhost', 'ECG')$$, 'CL002', NULL,
	'admins add rooms');
SELECT api.room_add('admin@localhost', name) FROM (VALUES ('ECG 1'), ('ECG 2'),
	('Couch'), ('ecg 1')) rooms (name) \g /dev/null
SELECT results_eq($$SELECT name, kind FROM api.rooms('ruiz@localhost')$$,
	$$VALUES ('Couch', 'couch'), ('ECG 1', 'ecg'), ('ECG 2', 'ecg')$$, 'the rooms');
SELECT pg_temp.set('admin', 'ECG', '{"minutes": 20, "needs": "ecg, Couch"}', doctor)
FROM unnest(ARRAY['ruiz', 'chen', 'okafor']) doctor \g /dev/null
SELECT lives_ok($$SELECT pg_temp.book('tom', '2026-12-03 10:00', 'ECG', 'ruiz')$$,
	'a visit with rooms');
SELECT results_eq($$SELECT resource.name FROM clinic.appointment_resource
	JOIN clinic.resource ON resource.id = resource ORDER BY 1$$,
	$$VALUES ('Couch'), ('ECG 1')$$, 'has one of each kind');
SELECT is(pg_temp.free('mia', 'ECG', '2026-12-03', 2, 'chen'), '09:00 09:20',
	'another doctor''s are');
SELECT is((SELECT pg_temp.free('mia', 'ECG', '2026-12-03', 20, 'chen')
	LIKE '%10:00%'), false, 'not free when there is one couch only');
SELECT throws_ok($$SELECT pg_temp.book('mia', '2026-12-03 10:00', 'ECG', 'chen')$$,
	'CL004', 'no room is free at that time', 'nor to book');
SELECT is((SELECT reason FROM api.why_not('mia@localhost', pg_temp.id('chen'),
	'2026-12-03 10:00', 'ECG')), 'room', 'and why');
SELECT lives_ok($$SELECT pg_temp.set('admin', 'ECG', '{"needs": "ECG"}', 'chen')$$,
	'without the couch');
SELECT lives_ok($$SELECT pg_temp.book('mia', '2026-12-03 10:00', 'ECG', 'chen')$$,
	'there is a second one');
SELECT throws_ok($$INSERT INTO clinic.appointment_resource
	SELECT (SELECT max(id) FROM clinic.appointment), resource, blocked
	FROM clinic.appointment_resource WHERE appointment
		<> (SELECT max(id) FROM clinic.appointment)$$, '23P01', NULL,
	'a room has one visit at a time, whoever writes');
SELECT throws_ok($$SELECT api.room_remove('admin@localhost',
	(SELECT id FROM clinic.resource WHERE name = 'Couch'))$$, 'CL004', NULL,
	'the only one of a kind that is needed stays');
SELECT is((SELECT appointment_count FROM api.room_remove('admin@localhost',
	(SELECT id FROM clinic.resource WHERE name = 'ECG 2'))), 1, 'the other may go');
SELECT api.cancel('tom@localhost', (SELECT code FROM clinic.appointment
	WHERE patient = pg_temp.id('tom') AND lower(during)
		= pg_temp.m('2026-12-03 10:00')), NULL) \g /dev/null
SELECT is((SELECT count(*)::integer FROM clinic.appointment_resource), 1,
	'a cancelled visit has no room');

-- Holds.
SELECT is(pg_temp.hold('tom', '2026-12-04 09:00'), '2026-12-04 09:00', 'held');
SELECT is(pg_temp.free('mia', NULL, '2026-12-04', 2), '09:20 09:40',
	'nobody else sees it free');
SELECT is(pg_temp.free('tom', NULL, '2026-12-04', 2), '09:00 09:20', 'who holds does');
SELECT throws_ok($$SELECT pg_temp.book('mia', '2026-12-04 09:00')$$, 'CL004',
	'that time was just taken', 'nobody else books it');
SELECT throws_ok($$SELECT pg_temp.hold('mia', '2026-12-04 09:00')$$, 'CL004',
	'that time was just taken', 'or holds it');
SELECT is(pg_temp.hold('tom', '2026-12-04 09:20'), '2026-12-04 09:20', 'another');
SELECT is(pg_temp.hold('mia', '2026-12-04 09:00'), '2026-12-04 09:00',
	'one holds one time');
SELECT lives_ok($$SELECT api.release('mia@localhost')$$, 'released');
SELECT is(pg_temp.free('chen', NULL, '2026-12-04', 1), '09:00', 'it is free again');
SELECT pg_temp.at('2026-11-30 08:04') \g /dev/null
SELECT is(pg_temp.free('mia', NULL, '2026-12-04', 2), '09:00 09:20',
	'after three minutes it is free by itself');
SELECT lives_ok($$SELECT pg_temp.book('mia', '2026-12-04 09:20')$$,
	'and can be booked');
SELECT throws_ok($$SELECT pg_temp.book('tom', '2026-12-04 09:20')$$, 'CL004',
	'that time was just taken', 'then it was too late');
SELECT is(pg_temp.hold('tom', '2026-12-04 09:40'), '2026-12-04 09:40', 'once more');
SELECT pg_temp.book('tom', '2026-12-04 09:40') AS code \gset
SELECT is((SELECT count(*)::integer FROM clinic.appointment WHERE code = :'code'
	AND state = 'booked' AND expires_at IS NULL), 1, 'what is held is booked');
SELECT results_eq(format($$SELECT event.was, event.state::text FROM clinic.appointment_event event
	JOIN clinic.appointment ON appointment.id = event.appointment WHERE code = %L
	ORDER BY event.id$$, :'code'),
	$$VALUES (NULL::clinic.appointment_state, 'held'), ('held', 'booked')$$,
	'it is the same visit');
SELECT is(pg_temp.hold('tom', '2026-12-04 10:00', 'ruiz', :'code'),
	'2026-12-04 10:00', 'held to move');
SELECT is((SELECT is_again FROM api.move('tom@localhost', :'code',
	pg_temp.m('2026-12-04 10:00'))), false, 'and moved');
SELECT is((SELECT count(*)::integer FROM clinic.appointment WHERE state = 'held'), 0,
	'nothing is held any more');
SELECT is((SELECT is_again FROM api.book('tom@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-04 10:00'))), true, 'the same asked twice is booked once');
SELECT is_empty($$SELECT * FROM api.history('tom@localhost', NULL, 50, 0)
	WHERE starts LIKE '2026-12-04 09:%'$$, 'what was only held never was a visit');
SELECT pg_temp.hold('mia', '2026-12-04 12:00', 'okafor') \g /dev/null
SELECT is_empty($$SELECT * FROM api.patients('okafor@localhost', 'mia')$$,
	'who holds a time is nobody''s patient');
SELECT api.release('mia@localhost') \g /dev/null
SELECT is_empty($$SELECT * FROM api.patients('okafor@localhost', 'mia')$$,
	'nor who held one');
SELECT throws_ok($$SELECT api.book('okafor@localhost', pg_temp.id('okafor'),
	pg_temp.m('2026-12-04 12:00'), NULL, pg_temp.id('mia'))$$, 'CL003',
	'there is no such patient', 'nor is one booked for');
SELECT is((SELECT value::integer FROM api.stats('admin@localhost')
	WHERE name LIKE 'cancelled%'), (SELECT count(*)::integer
		FROM clinic.appointment_event
		WHERE state = 'cancelled' AND was IN ('booked', 'requested', 'arrived')),
	'an end of a hold is no cancelling');

SELECT * FROM finish();
ROLLBACK;
