-- 17_away.sql - new times for the patients of a day off.
\ir helper.sql
SELECT plan(27);
\set end 'SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;'
CREATE FUNCTION pg_temp.sent() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	ids text;
BEGIN
	CREATE TEMP TABLE claimed AS
		SELECT * FROM api.deliveries_claim('post', 100, 60);
	SELECT string_agg(DISTINCT id::text, ' ') INTO ids FROM claimed;
	PERFORM api.deliveries_done('post', ids);
	RETURN QUERY SELECT split_part(jid, '@', 1) || ': ' || kind
		|| coalesce(' ' || substr(starts, 6), '')
		|| coalesce(' until ' || substr(until, 6), '')
	FROM claimed WHERE kind NOT IN ('booked', 'cancelled', 'reminder') ORDER BY 1;
	DROP TABLE claimed;
END $$;
CREATE FUNCTION pg_temp.told() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT split_part(patient_name, ' ', 1) || ' ' || answer
		|| coalesce(' ' || substr(new_starts, 6) || ' ' || new_doctor, '')
	FROM api.unanswered('ruiz@localhost')
$$;

SELECT pg_temp.booked('tom', 'ruiz', '2026-12-01 10:00') AS toms \gset
SELECT pg_temp.booked('mia', 'ruiz', '2026-12-01 11:00') AS mias \gset
SELECT pg_temp.patient('ann') \g /dev/null
SELECT pg_temp.booked('ann', 'ruiz', '2026-12-02 09:00') AS anns \gset
SELECT is_empty($$SELECT * FROM pg_temp.told()$$, 'nobody is touched');
SELECT is((SELECT count(*)::integer FROM api.off_add('ruiz@localhost', '2026-12-01',
	'2026-12-02', 'ill')), 2, 'two visits are in the time off');
SELECT results_eq('SELECT pg_temp.told()', $$VALUES ('Tom unasked'), ('Mia unasked')$$,
	'they are listed');
SELECT throws_ok($$SELECT * FROM api.away_offers('tom@localhost')$$, 'CL002', NULL,
	'for doctors');
SELECT is_empty($$SELECT * FROM api.away_offers('chen@localhost')$$, 'each her own');
SELECT is((SELECT count(*)::integer FROM api.away_offers('ruiz@localhost')), 2,
	'both are asked');
SELECT is_empty($$SELECT * FROM api.away_offers('ruiz@localhost')$$, 'once');
SELECT results_eq('SELECT pg_temp.told()', $$VALUES
	('Tom asked 12-02 09:20 Dr. Ana Ruiz'), ('Mia asked 12-02 09:40 Dr. Ana Ruiz')$$,
	'her next free times');
SELECT throws_ok($$SELECT pg_temp.booked('ann', 'ruiz', '2026-12-02 09:40')$$, 'CL004',
	NULL, 'they are held');
:end
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES
	('tom: away_offer 12-02 09:20 until 11-30 12:00'),
	('mia: away_offer 12-02 09:40 until 11-30 12:00')$$, 'for four hours');
SELECT results_eq($$SELECT spoken_topic, spoken_visit FROM api.hear('tom@localhost', '')$$,
	format($$VALUES ('offer', %L)$$, :'toms'), '"move" means the visit');
SELECT is((SELECT state::text FROM clinic.appointment WHERE code = :'toms'), 'booked',
	'which stays booked');
SELECT results_eq($$SELECT state, was_starts FROM api.accept('tom@localhost',
	(SELECT spoken_codes FROM api.hear('tom@localhost', '')))$$,
	$$VALUES ('booked', '2026-12-01 10:00')$$, 'until Tom takes the other');
SELECT is((SELECT state::text FROM clinic.appointment WHERE code = :'toms'), 'cancelled',
	'then it is released');
SELECT results_eq($$SELECT is_waiting, kept_code FROM api.pass('mia@localhost',
	(SELECT spoken_codes FROM api.hear('mia@localhost', '')))$$,
	format($$VALUES (false, %L)$$, :'mias'), 'Mia does not want it');
:end
SELECT results_eq('SELECT pg_temp.told()',
	$$VALUES ('Mia no 12-02 09:40 Dr. Ana Ruiz')$$, 'that is listed');
SELECT pg_temp.at('2026-11-30 11:01') \g /dev/null
SELECT is((SELECT count(*)::integer FROM api.deliveries_claim('post', 100, 60)
	WHERE kind = 'reminder'), 0, 'nobody is reminded of what cannot take place');
SELECT api.move('mia@localhost', :'mias', pg_temp.m('2026-12-02 11:00')) \g /dev/null
SELECT is_empty('SELECT pg_temp.told()', 'who moves has answered');

-- A colleague at the very time, when she is away for long; she confirms herself.
SELECT pg_temp.sent() \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-07 10:00') AS toms \gset
SELECT api.off_add('ruiz@localhost', '2026-12-07', '2026-12-21', NULL) \g /dev/null
SELECT results_eq($$SELECT new_doctor, new_starts FROM api.away_offers('ruiz@localhost')$$,
	$$VALUES ('Dr. Ngozi Okafor', '2026-12-07 10:00')$$, 'a colleague''s');
SELECT bag_eq('SELECT pg_temp.sent()',
	$$VALUES ('tom: away_offer 12-07 10:00 until 11-30 15:01')$$, 'told');
SELECT is((SELECT state FROM api.accept('tom@localhost',
	(SELECT spoken_codes FROM api.hear('tom@localhost', '')))), 'booked',
	'at the very time');
:end
SELECT is((SELECT count(*)::integer FROM api.appointments('tom@localhost', NULL, NULL)
	WHERE starts = '2026-12-07 10:00'), 1, 'one place at a time');

-- Silence, and nothing to offer at all.
SELECT pg_temp.booked('tom', 'chen', '2026-12-10 10:00') AS toms \gset
SELECT api.off_add('chen@localhost', '2026-12-10', '2026-12-11', NULL) \g /dev/null
SELECT api.away_offers('chen@localhost') \g /dev/null
SELECT pg_temp.sent() \g /dev/null
SELECT pg_temp.at('2026-11-30 15:02') \g /dev/null
SELECT pg_temp.sent() \g /dev/null
:end
SELECT is((SELECT answer FROM api.unanswered('chen@localhost')), 'silent', 'silence');
SELECT is((SELECT state::text FROM clinic.appointment WHERE code = :'toms'), 'booked',
	'the visit stays');
SELECT throws_ok($$SELECT * FROM api.accept('tom@localhost',
	(SELECT spoken_codes FROM api.hear('tom@localhost', '')))$$, 'CL004', format(
	'that offer is over; write "move %1$s" to choose another time, or "cancel %1$s"',
	:'toms'), 'too late');
SELECT pg_temp.booked('ann', 'okafor', '2027-03-05 10:00') AS last \gset
SELECT api.off_add('okafor@localhost', '2027-03-05', '2027-12-31', NULL) \g /dev/null
SELECT api.off_add('ruiz@localhost', '2027-03-01', '2027-12-31', NULL) \g /dev/null
SELECT is((SELECT answer FROM api.away_offers('okafor@localhost')), 'told',
	'no time to offer');
SELECT bag_eq('SELECT pg_temp.sent()', $$VALUES ('ann: away 03-05 10:00')$$,
	'she is told all the same');

SELECT * FROM finish();
ROLLBACK;
