-- 16_waitlist.sql - the waitlist: who is offered what comes free, when, and once.
\ir helper.sql
SELECT plan(74);

-- A transaction's end: what came free is offered then.
\set end 'SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;'
CREATE FUNCTION pg_temp.join(who text, doctor text, day text DEFAULT NULL,
	day_to text DEFAULT NULL, time_from text DEFAULT NULL, time_to text DEFAULT NULL)
RETURNS TABLE (place integer, is_new boolean, kept text, offered text)
LANGUAGE sql AS $$
	SELECT place, is_new, kept_starts, offer_starts
	FROM api.waitlist_join(who || '@localhost', pg_temp.id(doctor),
		pg_temp.spec(doctor), day::date, coalesce(day_to, day)::date,
		time_from::time, time_to::time)
$$;
-- Sends what is due; who is offered what, until when, and other mail.
CREATE FUNCTION pg_temp.sent() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	ids text;
BEGIN
	CREATE TEMP TABLE claimed AS
		SELECT * FROM api.deliveries_claim('post', 100, 60);
	SELECT string_agg(DISTINCT id::text, ' ') INTO ids FROM claimed;
	PERFORM api.deliveries_done('post', ids);
	RETURN QUERY SELECT split_part(jid, '@', 1) || ': ' || kind
		|| CASE WHEN kind LIKE 'offer%' THEN ' ' || substr(starts, 6) || ' until '
			|| substr(until, 6) ELSE '' END
	FROM claimed WHERE kind NOT IN ('booked', 'cancelled') ORDER BY 1;
	DROP TABLE claimed;
END $$;
CREATE FUNCTION pg_temp.offered(who text) RETURNS text LANGUAGE sql AS $$
	SELECT code FROM clinic.appointment JOIN clinic.offer ON appointment = appointment.id
	WHERE patient = pg_temp.id(who) AND outcome IS NULL
$$;
CREATE FUNCTION pg_temp.cancel(who text, code text) RETURNS text LANGUAGE sql AS $$
	SELECT state FROM api.cancel(who || '@localhost', code, NULL)
$$;
-- Fills a doctor's day but for nothing, by Tom's friends.
CREATE FUNCTION pg_temp.fill(doctor text, day date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	slot record;
	made bigint := 0;
BEGIN
	FOR slot IN SELECT starts_at FROM api.slots('admin@localhost',
		pg_temp.id(doctor), NULL, day, day, NULL, NULL, NULL, 100, NULL)
	LOOP
		made := made + 1;
		PERFORM pg_temp.patient('p' || made);
		PERFORM api.book('p' || made || '@localhost', pg_temp.id(doctor),
			slot.starts_at::timestamptz);
	END LOOP;
	RETURN made;
END $$;
CREATE FUNCTION pg_temp.code(of_doctor text, local text) RETURNS text LANGUAGE sql AS $$
	SELECT code FROM clinic.appointment WHERE doctor = pg_temp.id(of_doctor)
		AND lower(during) = pg_temp.m(local) AND is_planned
$$;
CREATE FUNCTION pg_temp.free_up(local text) RETURNS text LANGUAGE sql AS $$
	SELECT state FROM api.cancel('ruiz@localhost', pg_temp.code('ruiz', local), NULL)
$$;

SELECT is(pg_temp.fill('ruiz', '2026-12-03'), 21::bigint, 'a full day');
SELECT pg_temp.patient(who) FROM unnest(ARRAY['ann', 'bob', 'eve']) who \g /dev/null
SELECT pg_temp.sent() \g /dev/null

-- Joining.
SELECT throws_ok($$SELECT * FROM pg_temp.join('stranger', 'ruiz')$$, 'CL002', NULL,
	'patients wait');
SELECT throws_ok($$SELECT * FROM pg_temp.join('ann', 'ruiz', '2026-11-29')$$, 'CL001',
	'that time is over', 'not for the past');
SELECT throws_ok($$SELECT * FROM pg_temp.join('ann', 'nobody')$$, 'CL001', NULL,
	'for somebody');
SELECT results_eq($$SELECT * FROM pg_temp.join('ann', 'ruiz', '2026-12-03', NULL,
	'09:00', '12:00')$$, $$VALUES (1, true, NULL::text, NULL::text)$$, 'Ann is first');
SELECT results_eq($$SELECT * FROM pg_temp.join('bob', 'ruiz', '2026-12-03')$$,
	$$VALUES (2, true, NULL::text, NULL::text)$$, 'then Bob');
SELECT results_eq($$SELECT place, is_new FROM pg_temp.join('ann', 'ruiz', '2026-12-03',
	NULL, '09:00', '11:00')$$, $$VALUES (1, false)$$, 'a new wish keeps the place');
SELECT results_eq($$SELECT place, is_new FROM pg_temp.join('eve', 'Dermatology',
	'2026-12-03', NULL, '15:00', '18:00')$$, $$VALUES (3, true)$$,
	'Eve waits for any dermatologist');
SELECT results_eq($$SELECT whom, place, first_day, last_day, time_from, time_to
	FROM api.waitlist('ann@localhost')$$, $$VALUES ('Dr. Ana Ruiz', 1, '2026-12-03',
	'2026-12-03', '09:00', '11:00')$$, 'it is told');
SELECT is_empty($$SELECT * FROM api.waitlist('mia@localhost')$$, 'to whom it concerns');
:end
SELECT is_empty('SELECT pg_temp.sent()', 'nothing is free');

-- What comes free goes to the first whom it fits.
SELECT is(pg_temp.free_up('2026-12-03 12:00'), 'cancelled', '12:00 comes free');
:end
SELECT bag_eq('SELECT pg_temp.sent()',
	$$VALUES ('bob: offer 12-03 12:00 until 11-30 08:30')$$, 'it fits Bob, not Ann');
SELECT throws_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-03 12:00')$$, 'CL004',
	'that time was just taken', 'it is held');
SELECT is(pg_temp.free_up('2026-12-03 10:00'), 'cancelled', '10:00 comes free');
:end
SELECT bag_eq('SELECT pg_temp.sent()',
	$$VALUES ('ann: offer 12-03 10:00 until 11-30 08:30')$$, 'Ann gets that');
SELECT pg_temp.free_up('2026-12-03 12:20') \g /dev/null
:end
SELECT is_empty('SELECT pg_temp.sent()', 'one offer at a time to each');
SELECT isnt(pg_temp.booked('mia', 'ruiz', '2026-12-03 12:20'), NULL, 'so it is free');
SELECT pg_temp.free_up('2026-12-03 16:00') \g /dev/null
:end
SELECT bag_eq('SELECT pg_temp.sent()',
	$$VALUES ('eve: offer 12-03 16:00 until 11-30 08:30')$$, 'Eve gets the afternoon');

-- Answers.
SELECT throws_ok(format($$SELECT * FROM api.accept('mia@localhost', %L)$$,
	pg_temp.offered('bob')), 'CL003', NULL, 'another''s offer does not exist');
SELECT throws_ok(format($$SELECT * FROM api.pass('mia@localhost', %L)$$,
	pg_temp.offered('bob')), 'CL003', NULL, 'nor to pass it');
SELECT throws_ok(format($$SELECT api.cancel('bob@localhost', %L, NULL)$$,
	pg_temp.offered('bob')), 'CL003', NULL, 'it is no visit yet');
SELECT results_eq($$SELECT spoken_topic, spoken_codes, spoken_visit
	FROM api.hear('bob@localhost', '')$$, format($$VALUES ('offer', %L, NULL::text)$$,
	pg_temp.offered('bob')), '"yes" means the offer');
SELECT pg_temp.offered('bob') AS bobs \gset
SELECT results_eq($$SELECT is_waiting FROM api.pass('bob@localhost', pg_temp.offered('bob'))$$,
	$$VALUES (true)$$, 'Bob passes');
:end
SELECT is_empty('SELECT pg_temp.sent()', 'nobody else is there for it');
SELECT isnt(pg_temp.booked('mia', 'ruiz', '2026-12-03 12:00'), NULL, 'it is free');
SELECT pg_temp.cancel('mia', pg_temp.code('ruiz', '2026-12-03 12:00')) \g /dev/null
:end
SELECT is_empty('SELECT pg_temp.sent()', 'the same time is not offered him again');
SELECT throws_ok(format($$SELECT * FROM api.accept('bob@localhost', %L)$$, :'bobs'),
	'CL004', 'that offer is over; you are still on the waitlist, and I tell you when '
	|| 'something comes free', 'nor can he take it now');
SELECT pg_temp.offered('ann') AS anns \gset
SELECT results_eq(format($$SELECT state, is_again, reminders
	FROM api.accept('ann@localhost', %L)$$, :'anns'),
	$$VALUES ('booked', false, '1440 60')$$, 'Ann takes hers');
SELECT results_eq(format($$SELECT state, is_again FROM api.accept('ann@localhost', %L)$$,
	:'anns'), $$VALUES ('booked', true)$$, 'twice is once');
SELECT throws_ok(format($$SELECT * FROM api.pass('ann@localhost', %L)$$, :'anns'),
	'CL004', NULL, 'then it is too late to pass');
:end
SELECT is_empty($$SELECT * FROM api.waitlist('ann@localhost')$$, 'she waits no more');
SELECT is((SELECT place FROM api.waitlist('bob@localhost')), 1, 'Bob is first now');

-- Silence. Eve's time is over at 08:30; Bob is next.
SELECT ok((SELECT wait_ms FROM api.deliveries_wait()) <= 1800000,
	'the post room waits for its end');
SELECT pg_temp.at('2026-11-30 08:30') \g /dev/null
SELECT throws_ok($$SELECT * FROM api.accept('eve@localhost', pg_temp.offered('eve'))$$,
	'CL004', NULL, 'over is over');
SELECT bag_eq('SELECT pg_temp.sent()',
	$$VALUES ('bob: offer 12-03 16:00 until 11-30 09:00')$$, 'it goes to Bob');
:end
SELECT is((SELECT offer.outcome FROM clinic.offer JOIN clinic.waiting ON waiting.id = waiting
	WHERE patient = pg_temp.id('eve')), 'over', 'Eve''s is over');
SELECT isnt((SELECT whom FROM api.waitlist_leave('bob@localhost',
	(SELECT id FROM api.waitlist('bob@localhost')))), NULL, 'Bob leaves');
SELECT throws_ok($$SELECT api.waitlist_leave('ann@localhost',
	(SELECT id FROM api.waitlist('eve@localhost')))$$, 'CL003', NULL,
	'nobody leaves for another');
:end
SELECT is_empty('SELECT pg_temp.sent()', 'Eve had that already');
SELECT isnt(pg_temp.booked('mia', 'ruiz', '2026-12-03 16:00'), NULL, 'so it is free');
SELECT is((SELECT place FROM api.waitlist('eve@localhost')), 1, 'Eve waits on');

-- Quiet hours: told when they end, held until then. Thursday's visits are far enough.
SELECT pg_temp.at('2026-12-01 23:00') \g /dev/null
SELECT pg_temp.free_up('2026-12-03 15:00') \g /dev/null
:end
SELECT is_empty('SELECT pg_temp.sent()', 'not at night');
SELECT throws_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-03 15:00')$$, 'CL004',
	NULL, 'but it is held');
SELECT pg_temp.at('2026-12-02 08:00') \g /dev/null
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'eve%'$$,
	$$VALUES ('eve: offer 12-03 15:00 until 12-02 08:30')$$, 'its time runs from then');
SELECT is((SELECT state FROM api.accept('eve@localhost', pg_temp.offered('eve'))),
	'booked', 'she takes it');
:end

-- At night, for early in the morning: not for her.
SELECT place FROM pg_temp.join('ann', 'ruiz', '2026-12-03', NULL, '09:00', '09:20')
	\g /dev/null
SELECT pg_temp.at('2026-12-03 03:00') \g /dev/null
UPDATE clinic.clinic SET quiet_to = '08:50';
SELECT pg_temp.free_up('2026-12-03 09:00') \g /dev/null
:end
SELECT is(pg_temp.offered('ann'), NULL, 'when quiet hours end it would be too late');
SELECT api.waitlist_leave('ann@localhost', (SELECT id FROM api.waitlist('ann@localhost')))
	\g /dev/null
UPDATE clinic.clinic SET quiet_to = '08:00';

-- Near visits: a quarter of the time that is left, at least five minutes.
SELECT pg_temp.at('2026-12-03 08:30') \g /dev/null
SELECT place FROM pg_temp.join('bob', 'ruiz', '2026-12-03') \g /dev/null
SELECT pg_temp.sent() \g /dev/null
SELECT api.pass('bob@localhost', pg_temp.offered('bob')) \g /dev/null
:end
SELECT pg_temp.free_up('2026-12-03 09:20') \g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'bob%'$$,
	$$VALUES ('bob: offer 12-03 09:20 until 12-03 08:42')$$, 'fifty minutes before');
SELECT api.pass('bob@localhost', pg_temp.offered('bob')) \g /dev/null
:end
SELECT pg_temp.at('2026-12-03 09:27') \g /dev/null
SELECT pg_temp.free_up('2026-12-03 09:40') \g /dev/null
:end
SELECT is(pg_temp.offered('bob'), NULL, 'nothing that begins in thirteen minutes');
SELECT pg_temp.at('2026-12-03 10:04') \g /dev/null
SELECT pg_temp.free_up('2026-12-03 10:20') \g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'bob%'$$,
	$$VALUES ('bob: offer 12-03 10:20 until 12-03 10:09')$$, 'sixteen minutes before');
-- A bot that was away tells it while there is time, and not after.
SELECT api.pass('bob@localhost', pg_temp.offered('bob')) \g /dev/null
:end
SELECT pg_temp.free_up('2026-12-03 15:40') \g /dev/null
:end
SELECT pg_temp.at('2026-12-03 15:00') \g /dev/null
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'bob%'$$,
	$$VALUES ('bob: offer 12-03 15:40 until 12-03 15:10')$$, 'its time runs from then');
SELECT api.pass('bob@localhost', pg_temp.offered('bob')) \g /dev/null
:end
SELECT pg_temp.free_up('2026-12-03 16:20') \g /dev/null
:end
SELECT pg_temp.at('2026-12-03 16:10') \g /dev/null
SELECT is_empty($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'bob%'$$,
	'nobody hears of what is as good as over');
SELECT pg_temp.at('2026-12-04 00:00') \g /dev/null
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'bob%'$$,
	$$VALUES ('bob: wait_over')$$, 'the day is over, and so is waiting');
SELECT is_empty($$SELECT * FROM api.waitlist('bob@localhost')$$, 'for good');

-- The later visit is kept, and released when an earlier one is booked: a chain.
SELECT pg_temp.fill('ruiz', day::date) FROM generate_series('2026-12-08'::timestamp,
	'2026-12-09', interval '1 day') day \g /dev/null
SELECT results_eq($$SELECT place, kept FROM pg_temp.join('p5', 'ruiz', '2026-12-08',
	'2026-12-09')$$, $$VALUES (1, '2026-12-08 10:20')$$, 'P5 would come earlier');
SELECT results_eq($$SELECT place, kept FROM pg_temp.join('p9', 'ruiz', '2026-12-08',
	'2026-12-09')$$, $$VALUES (2, '2026-12-08 11:40')$$, 'P9 too');
SELECT pg_temp.at('2026-12-04 10:00') \g /dev/null
SELECT pg_temp.free_up('2026-12-09 09:00') \g /dev/null
:end
SELECT is_empty($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	'a later time is no use to them');
SELECT pg_temp.free_up('2026-12-08 09:00') \g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	$$VALUES ('p5: offer_instead 12-08 09:00 until 12-04 10:30')$$, 'an earlier one is');
SELECT results_eq($$SELECT state, was_starts FROM api.accept('p5@localhost',
	pg_temp.offered('p5'))$$, $$VALUES ('booked', '2026-12-08 10:20')$$, 'P5 takes it');
:end
SELECT is((SELECT count(*)::integer FROM api.appointments('p5@localhost', NULL,
	pg_temp.id('ruiz')) WHERE starts LIKE '2026-12-08%'), 1, 'the later one is released');
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	$$VALUES ('p9: offer_instead 12-08 10:20 until 12-04 10:30')$$, 'and goes to P9');

-- Other ways in which time comes free, and goes.
SELECT api.pass('p9@localhost', pg_temp.offered('p9')) \g /dev/null
SELECT api.waitlist_leave('p9@localhost', (SELECT id FROM api.waitlist('p9@localhost')))
	\g /dev/null
SELECT place FROM pg_temp.join('ann', 'ruiz', '2026-12-12') \g /dev/null
SELECT api.also_add('ruiz@localhost', '[["2026-12-12 10:00", "2026-12-12 10:20"]]')
	\g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	$$VALUES ('ann: offer 12-12 10:00 until 12-04 10:30')$$, 'extra hours are offered');
SELECT api.off_add('ruiz@localhost', '2026-12-12', '2026-12-13', NULL) \g /dev/null
:end
SELECT throws_ok($$SELECT * FROM api.accept('ann@localhost', (SELECT code
	FROM clinic.appointment WHERE lower(during) = pg_temp.m('2026-12-12 10:00')))$$,
	'CL004', NULL, 'time off takes the offer back');
SELECT place FROM pg_temp.join('eve', 'ruiz', '2026-12-12') \g /dev/null
SELECT api.off_remove('ruiz@localhost', id) FROM api.off('ruiz@localhost') \g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	$$VALUES ('eve: offer 12-12 10:00 until 12-04 10:30')$$,
	'time off that is taken back is offered');
SELECT pg_temp.fill('chen', '2026-12-10') \g /dev/null
SELECT place FROM pg_temp.join('bob', 'chen', '2026-12-10') \g /dev/null
SELECT api.holiday_add('admin@localhost', '2026-12-10', '2026-12-11') \g /dev/null
SELECT pg_temp.cancel('chen', pg_temp.code('chen', '2026-12-10 10:00')) \g /dev/null
:end
SELECT is_empty($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	'nothing on a holiday');
SELECT api.holiday_remove('admin@localhost', id) FROM api.holidays('admin@localhost')
	\g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	$$VALUES ('bob: offer 12-10 10:00 until 12-04 10:30')$$, 'a holiday taken back');
SELECT api.pass('bob@localhost', pg_temp.offered('bob')) \g /dev/null
SELECT api.hold('mia@localhost', pg_temp.id('chen'), pg_temp.m('2026-12-10 10:00'),
	NULL, NULL, NULL) \g /dev/null
:end
SELECT place FROM pg_temp.join('ann', 'chen', '2026-12-10') \g /dev/null
SELECT api.release('mia@localhost') \g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE '%offer%'$$,
	$$VALUES ('ann: offer 12-10 10:00 until 12-04 10:30')$$, 'a hold that was let go');

-- What fits already is offered when one joins.
SELECT results_eq($$SELECT offered FROM pg_temp.join('mia', 'okafor', '2026-12-07')$$,
	$$VALUES ('2026-12-07 10:00')$$, 'offered at once');
SELECT is_empty($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'mia%'$$,
	'in the answer, and not once more');
SELECT is((SELECT spoken_codes FROM api.hear('mia@localhost', '')),
	pg_temp.offered('mia'), '"yes" means it');

-- Who books as they wished waits no more.
SELECT place FROM pg_temp.join('tom', 'chen', '2026-12-10', NULL, '15:00', '18:00')
	\g /dev/null
SELECT pg_temp.free_up('2026-12-08 12:00') \g /dev/null
SELECT pg_temp.cancel('chen', pg_temp.code('chen', '2026-12-10 09:00')) \g /dev/null
:end
SELECT is((SELECT kept_code FROM api.waitlist('tom@localhost')), NULL, 'Tom waits');
SELECT api.pass('tom@localhost', pg_temp.offered('tom'))
WHERE pg_temp.offered('tom') IS NOT NULL \g /dev/null
SELECT pg_temp.booked('tom', 'chen', '2026-12-14 09:00') AS later \gset
SELECT is((SELECT kept_code FROM api.waitlist('tom@localhost')), :'later',
	'what he books for later is kept until then');

-- A room that one doctor's visit had was what another lacked.
SELECT api.room_add('admin@localhost', 'Laser') \g /dev/null
SELECT api.visit_type_set('admin@localhost', pg_temp.id(doctor), NULL, 'Laser',
	'{"minutes": 20, "needs": "laser"}') FROM unnest(ARRAY['chen', 'okafor']) doctor
	\g /dev/null
SELECT code AS laser FROM api.book('bob@localhost', pg_temp.id('okafor'),
	pg_temp.m('2026-12-16 10:00'), 'Laser') \gset
SELECT is((SELECT offer_code FROM api.waitlist_join('eve@localhost', pg_temp.id('chen'),
	NULL, '2026-12-16', '2026-12-16', '10:00', '10:00', 'Laser')), NULL,
	'Dr. Chen is free, but the room is not');
SELECT api.cancel('bob@localhost', :'laser', NULL) \g /dev/null
:end
SELECT bag_eq($$SELECT * FROM pg_temp.sent() sent WHERE sent LIKE 'eve: offer%'$$,
	$$VALUES ('eve: offer 12-16 10:00 until 12-04 10:30')$$, 'then it is');

SELECT * FROM finish();
ROLLBACK;
