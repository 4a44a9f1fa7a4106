-- 15_requests.sql - a doctor who says yes or no to each visit first.
\ir helper.sql
SELECT plan(55);

CREATE FUNCTION pg_temp.state(wanted text) RETURNS text LANGUAGE sql AS $$
	SELECT state::text FROM clinic.appointment WHERE code = wanted
$$;
-- Sends what is due; who gets what.
CREATE FUNCTION pg_temp.sent() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	ids text;
BEGIN
	CREATE TEMP TABLE claimed AS
		SELECT * FROM api.deliveries_claim('post', 100, 60);
	SELECT string_agg(DISTINCT id::text, ' ') INTO ids FROM claimed;
	PERFORM api.deliveries_done('post', ids);
	RETURN QUERY SELECT split_part(jid, '@', 1) || ': ' || kind
		|| coalesce(' ' || substr(until, 6), '') FROM claimed ORDER BY 1;
	DROP TABLE claimed;
END $$;

-- The setting.
SELECT results_eq($$SELECT * FROM api.approval('ruiz@localhost')$$,
	$$VALUES (false, 1440)$$, 'nobody is asked at first');
SELECT results_eq($$SELECT * FROM api.approval_set('ruiz@localhost', true, 180)$$,
	$$VALUES (true, 180)$$, 'she wishes to be asked');
SELECT results_eq($$SELECT * FROM api.approval_set('ruiz@localhost', NULL, 1440)$$,
	$$VALUES (true, 1440)$$, 'what is not said stays');
SELECT throws_ok($$SELECT api.approval_set('ruiz@localhost', true, 4)$$, 'CL001', NULL,
	'five minutes are the least');
SELECT throws_ok($$SELECT api.approval_set('tom@localhost', true, 60)$$, 'CL002', NULL,
	'patients are not asked');

-- A request.
SELECT code AS code, state AS was FROM api.book('tom@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-03 15:20')) \gset
SELECT is(:'was'::text, 'requested', 'a visit is asked for');
SELECT is_empty($$SELECT * FROM pg_temp.mail('tom')$$, 'nothing to remind of yet');
SELECT throws_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-03 15:20')$$, 'CL004',
	'that time was just taken', 'nobody else gets it meanwhile');
SELECT throws_ok($$SELECT pg_temp.booked('tom', 'chen', '2026-12-03 15:20')$$, 'CL004',
	NULL, 'nor does Tom get another then');
SELECT results_eq('SELECT pg_temp.sent()', $$VALUES ('ruiz: requested 12-01 08:00')$$,
	'the doctor is asked, and until when');
SELECT results_eq($$SELECT code, kind, patient_name, is_mine, missed
	FROM api.questions('ruiz@localhost')$$, format(
	$$VALUES (%L, 'request', 'Tom Baker', true, 0)$$, :'code'), 'it waits for her');
SELECT results_eq($$SELECT code, is_mine FROM api.questions('admin@localhost')$$,
	format($$VALUES (%L, false)$$, :'code'), 'and for admins');
SELECT is_empty(format($$SELECT * FROM api.questions('%s@localhost')$$, who),
	'not for ' || who) FROM unnest(ARRAY['chen', 'tom', 'mia', 'nobody']) who;
SELECT results_eq($$SELECT spoken_topic, spoken_codes, spoken_visit
	FROM api.hear('ruiz@localhost', '')$$, format(
	$$VALUES ('request', %1$L, %1$L)$$, :'code'), '"yes" means it now');
SELECT is((SELECT spoken_topic FROM api.hear('ruiz@localhost', 'adhoc')), NULL,
	'not in a form');

-- Who may answer.
SELECT throws_ok(format($$SELECT api.%s('%s@localhost', %L%s)$$, act, who, :'code',
	rest), state, NULL, who || ' may not ' || act)
FROM (VALUES ('tom', 'CL002'), ('mia', 'CL003'), ('chen', 'CL003')) others (who, state),
	(VALUES ('approve', ''), ('decline', ', NULL')) acts (act, rest);
SELECT is(pg_temp.state(:'code'), 'requested', 'it is as it was');

-- Yes.
SELECT results_eq(format($$SELECT state, is_again, reminders
	FROM api.approve('ruiz@localhost', %L)$$, lower(:'code')),
	$$VALUES ('booked', false, '1440 60')$$, 'she says yes');
SELECT results_eq(format($$SELECT state, is_again
	FROM api.approve('ruiz@localhost', %L)$$, :'code'),
	$$VALUES ('booked', true)$$, 'twice is once');
SELECT is((SELECT count(*)::integer FROM clinic.appointment_event
	JOIN clinic.appointment visit ON visit.id = appointment
	WHERE code = :'code' AND appointment_event.state = 'booked'), 1, 'one change');
SELECT bag_eq($$SELECT * FROM pg_temp.mail('tom')$$,
	$$VALUES ('approved'), ('reminder 1440'), ('reminder 60')$$, 'Tom is told once');
SELECT throws_ok(format($$SELECT api.decline('ruiz@localhost', %L, NULL)$$, :'code'),
	'CL004', format('the visit "%s" is booked already, write "cancel" to cancel it',
	:'code'), 'then it is too late for a no');
SELECT is((SELECT spoken_topic FROM api.hear('ruiz@localhost', '')), NULL,
	'and "yes" means it no more');
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES ('tom: approved')$$, 'sent');
SELECT throws_ok(format($$SELECT api.approve('chen@localhost', %L)$$,
	pg_temp.booked('mia', 'chen', '2026-12-03 09:00')), 'CL004', NULL,
	'what is booked is no request');

-- No.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-03 16:00') AS other \gset
SELECT results_eq(format($$SELECT state, is_again
	FROM api.decline('ruiz@localhost', %L, '  a congress ')$$, :'other'),
	$$VALUES ('cancelled', false)$$, 'she says no');
SELECT results_eq(format($$SELECT state, is_again
	FROM api.decline('ruiz@localhost', %L, NULL)$$, :'other'),
	$$VALUES ('cancelled', true)$$, 'twice is once');
SELECT results_eq($$SELECT kind, reason FROM clinic.delivery WHERE outcome IS NULL
	AND recipient = pg_temp.id('tom') AND kind <> 'reminder'$$,
	$$VALUES ('declined', 'a congress')$$, 'Tom is told why');
SELECT throws_ok(format($$SELECT api.approve('ruiz@localhost', %L)$$, :'other'), 'CL004',
	NULL, 'it stays so');
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES ('tom: declined'), ('chen: booked')$$,
	'she is not asked any more');
SELECT isnt(pg_temp.booked('mia', 'ruiz', '2026-12-03 16:00'), NULL, 'it is free');

-- The patient changes it.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-04 09:00') AS other \gset
SELECT pg_temp.sent() \g /dev/null
SELECT pg_temp.at('2026-11-30 09:00') \g /dev/null
SELECT is((SELECT state FROM api.move('tom@localhost', :'other',
	pg_temp.m('2026-12-04 09:20'))), 'requested', 'moved it is asked anew');
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES ('ruiz: request_moved 12-01 09:00')$$,
	'and the doctor has her time again');
SELECT is((SELECT state FROM api.move('ruiz@localhost', :'other',
	pg_temp.m('2026-12-04 09:40'))), 'booked', 'she moves it: that is a yes');
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES ('tom: moved')$$, 'Tom is told');
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-04 11:00') AS other \gset
SELECT api.cancel('tom@localhost', :'other', NULL) \g /dev/null
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES ('ruiz: cancelled')$$,
	'what was cancelled meanwhile is not asked for');
SELECT throws_ok(format($$SELECT api.approve('ruiz@localhost', %L)$$, :'other'), 'CL004',
	format('the visit "%s" was cancelled by its patient', :'other'), 'too late');

-- Silence. Mia's request of 08:00 is over at 08:00 tomorrow.
SELECT pg_temp.at('2026-12-01 07:59') \g /dev/null
SELECT is_empty('SELECT pg_temp.sent()', 'she has time until then');
SELECT ok((SELECT wait_ms FROM api.deliveries_wait()) BETWEEN 0 AND 60000,
	'the post room waits for the end');
SELECT code AS other FROM clinic.appointment WHERE state = 'requested' \gset
SELECT pg_temp.at('2026-12-01 08:00') \g /dev/null
SELECT throws_ok(format($$SELECT api.approve('ruiz@localhost', %L)$$, :'other'), 'CL004',
	format('the request "%s" is over, it was not answered in time', :'other'),
	'over is over, whoever is first');
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES ('ruiz: request_over'),
	('mia: request_over')$$, 'both are told');
SELECT is(pg_temp.state(:'other'), 'cancelled', 'it is free again');
SELECT is_empty('SELECT pg_temp.sent()', 'once');

-- A request for soon is over when the visit would begin.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-01 09:00') AS other \gset
SELECT is((SELECT until FROM api.questions('ruiz@localhost')), '2026-12-01 09:00',
	'not later than the visit');

-- Staff book at once; who missed too much is asked for.
SELECT is((SELECT state FROM api.book('admin@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-01 10:00'), NULL, pg_temp.id('tom'))), 'booked',
	'staff need no approval');
INSERT INTO clinic.appointment (code, doctor, patient, visit_type, during, blocked,
	state, fee, currency, booked_by)
SELECT 'AAA2' || n, pg_temp.id('chen'), pg_temp.id('mia'), visit_type.id, during, during,
	'noshow', 0, 'EUR', pg_temp.id('mia')
FROM generate_series(2, 4) n, clinic.visit_type, LATERAL (SELECT tstzrange(
	pg_temp.m('2026-10-01 09:00') + n * interval '1 day',
	pg_temp.m('2026-10-01 09:20') + n * interval '1 day') AS during) one
WHERE visit_type.doctor = pg_temp.id('chen');
SELECT is((SELECT state FROM api.book('mia@localhost', pg_temp.id('chen'),
	pg_temp.m('2026-12-02 10:00'))), 'requested', 'who missed three is asked for');
SELECT is((SELECT missed FROM api.questions('chen@localhost')), 3, 'and why');

SELECT * FROM finish();
ROLLBACK;
