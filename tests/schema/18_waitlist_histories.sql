-- 18_waitlist_histories.sql - random histories of a full day with a long waitlist.
--
-- After every step: whoever waits without an offer has been offered each free time
-- that fits; nobody was offered a time that fits somebody before them who had no offer;
-- each offer is told once.
\ir helper.sql
SELECT plan(5);

CREATE TEMP TABLE broken (step integer, what text);
CREATE TEMP TABLE tally (what text);
CREATE TEMP TABLE seen (offer bigint);

-- Who waits, without an offer, and was never offered a time that is free.
CREATE FUNCTION pg_temp.forgotten() RETURNS TABLE (waits bigint, start timestamptz)
LANGUAGE sql AS $$
	SELECT one.id, free.start
	FROM clinic.waiting one CROSS JOIN LATERAL clinic.free_starts(
		ARRAY[one.doctor], one.span * tstzrange(clinic.now() + interval '15 minutes',
			NULL), clinic.waiting_wish(one, one.span)) free
	WHERE one.ended_at IS NULL AND NOT EXISTS (SELECT FROM clinic.offer
			WHERE offer.waiting = one.id
				AND (outcome IS NULL OR starts_at = free.start))
$$;
-- Who was passed over: an offer that was just made fits somebody who has waited longer,
-- has none and was never offered that time.
CREATE FUNCTION pg_temp.passed_over() RETURNS TABLE (waits bigint, start timestamptz)
LANGUAGE sql AS $$
	SELECT earlier.id, offer.starts_at
	FROM clinic.offer JOIN clinic.waiting one ON one.id = offer.waiting
		JOIN clinic.waiting earlier ON earlier.id < one.id
			AND earlier.doctor = one.doctor AND earlier.ended_at IS NULL
	WHERE offer.outcome IS NULL AND offer.appointment NOT IN (SELECT offer FROM seen)
		AND clinic.is_time((starts_at AT TIME ZONE earlier.zone)::time,
			earlier.time_from, earlier.time_to)
		AND NOT EXISTS (SELECT FROM clinic.offer other
			WHERE other.waiting = earlier.id
				AND (other.outcome IS NULL OR other.starts_at = offer.starts_at))
$$;

CREATE FUNCTION pg_temp.step(number integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	day constant tstzrange := tstzrange(pg_temp.m('2026-12-10 00:00'),
		pg_temp.m('2026-12-11 00:00'));
	dice float := random();
	visit clinic.appointment;
	who text;
	act text;
BEGIN
	act := CASE WHEN dice < 0.3 THEN 'cancel' WHEN dice < 0.4 THEN 'move'
		WHEN dice < 0.5 THEN 'accept' WHEN dice < 0.75 THEN 'pass'
		WHEN dice < 0.85 THEN 'wait' WHEN dice < 0.95 THEN 'book' ELSE 'hold' END;
	SELECT * INTO visit FROM clinic.appointment
	WHERE doctor = pg_temp.id('chen') AND during && day AND CASE
		WHEN act IN ('cancel', 'move') THEN state = 'booked'
		WHEN act IN ('accept', 'pass') THEN state = 'held' AND is_offer
		ELSE false END
	ORDER BY random() LIMIT 1;
	SELECT jid INTO who FROM clinic.person WHERE id = visit.patient;
	IF visit.id IS NULL AND act NOT IN ('wait', 'book', 'hold') THEN
		RETURN;
	END IF;
	CASE act
		WHEN 'cancel' THEN PERFORM api.cancel(who, visit.code, NULL);
		WHEN 'accept' THEN PERFORM api.accept(who, visit.code);
		WHEN 'pass' THEN PERFORM api.pass(who, visit.code);
		WHEN 'wait' THEN UPDATE clinic.clock
			SET offset_ms = offset_ms + (60000 * (1 + 20 * random()))::bigint;
		ELSE PERFORM CASE act
				WHEN 'move' THEN (SELECT code FROM api.move('chen@localhost', visit.code,
					starts_at::timestamptz))
				WHEN 'book' THEN (SELECT code FROM api.book('mia@localhost',
					pg_temp.id('chen'), starts_at::timestamptz))
				ELSE (SELECT starts FROM api.hold('tom@localhost', pg_temp.id('chen'),
					starts_at::timestamptz, NULL, NULL, NULL)) END
			FROM (SELECT starts_at FROM api.slots('mia@localhost', pg_temp.id('chen'),
				NULL, '2026-12-10', '2026-12-10', NULL, NULL, NULL, 50, NULL)
				ORDER BY random() LIMIT 1) free;
	END CASE;
	INSERT INTO tally VALUES (act);
	SET CONSTRAINTS ALL IMMEDIATE;
	SET CONSTRAINTS ALL DEFERRED;
	PERFORM api.deliveries_claim('post', 100, 60);
	SET CONSTRAINTS ALL IMMEDIATE;
	SET CONSTRAINTS ALL DEFERRED;
	PERFORM api.deliveries_claim('post', 100, 60);
	INSERT INTO broken SELECT number, act || ': forgotten ' || waits || ' ' || start
	FROM pg_temp.forgotten();
	INSERT INTO broken SELECT number, act || ': passed over ' || waits || ' ' || start
	FROM pg_temp.passed_over();
	INSERT INTO seen SELECT appointment FROM clinic.offer
	WHERE appointment NOT IN (SELECT offer FROM seen);
END $$;

CREATE FUNCTION pg_temp.history() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	slot record;
	made integer := 0;
	hour integer;
BEGIN
	FOR slot IN SELECT starts_at FROM api.slots('mia@localhost', pg_temp.id('chen'),
		NULL, '2026-12-10', '2026-12-10', NULL, NULL, NULL, 100, NULL)
	LOOP
		made := made + 1;
		PERFORM pg_temp.patient('v' || made);
		PERFORM api.book('v' || made || '@localhost', pg_temp.id('chen'),
			slot.starts_at::timestamptz);
	END LOOP;
	FOR n IN 1..30 LOOP
		hour := 9 + floor(random() * 7);
		PERFORM pg_temp.patient('w' || n);
		PERFORM api.waitlist_join('w' || n || '@localhost', pg_temp.id('chen'), NULL,
			'2026-12-10', '2026-12-10', make_time(hour, 0, 0),
			make_time(hour + 2 + floor(random() * 3)::integer, 0, 0));
	END LOOP;
	FOR n IN 1..90 LOOP
		PERFORM pg_temp.step(n);
	END LOOP;
END $$;

SELECT setseed(0.2026) \g /dev/null
SELECT lives_ok('SELECT pg_temp.history()', '90 steps');
SELECT is_empty('SELECT * FROM broken ORDER BY step', 'in order, and to everybody');
SELECT cmp_ok((SELECT count(*)::integer FROM clinic.offer), '>', 25, 'many offers');
SELECT cmp_ok((SELECT count(DISTINCT outcome)::integer FROM clinic.offer), '=', 3,
	'taken, passed on, and over');
SELECT is_empty($$SELECT appointment FROM clinic.delivery WHERE kind = 'offer'
	GROUP BY 1 HAVING count(*) > 1$$, 'each told once');
SELECT * FROM finish();
ROLLBACK;
