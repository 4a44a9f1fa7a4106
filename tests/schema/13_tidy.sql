-- 13_tidy.sql - what is forgotten, and what is not.
\ir helper.sql
SELECT plan(22);

-- A day in the life: a visit, told of; time off, extra hours, a holiday, a form.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-03 15:20') AS code \gset
SELECT pg_temp.booked('mia', 'chen', '2027-03-25 09:00') AS later \gset
UPDATE clinic.delivery SET outcome = 'sent', ended_at = clinic.now()
WHERE appointment IN (SELECT id FROM clinic.appointment) AND kind <> 'reminder';
SELECT api.off_add('ruiz@localhost', '2026-12-24 00:00', '2026-12-27 00:00', NULL)
\g /dev/null
SELECT api.also_add('ruiz@localhost',
	'[["2026-12-05 10:00", "2026-12-05 13:00"]]') \g /dev/null
SELECT api.holiday_add('admin@localhost', '2026-12-25 00:00', '2026-12-26 00:00')
\g /dev/null
SELECT api.form_save('jane@localhost', '', '{}') \g /dev/null
SELECT count(*) AS audits FROM clinic.audit \gset
SELECT count(*) AS openings FROM clinic.opening \gset
CREATE FUNCTION pg_temp.left_of(what text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	count bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM clinic.%I', what) INTO count;
	RETURN count;
END $$;

SELECT results_eq($$SELECT * FROM api.tidy(100, 730)$$, $$VALUES (0, false)$$,
	'nothing is old');

SELECT pg_temp.at('2026-12-01 08:01') \g /dev/null
SELECT results_eq($$SELECT * FROM api.tidy(100, 730)$$, $$VALUES (1, false)$$,
	'a form is forgotten after a day');
SELECT is(pg_temp.left_of('conversation'), 0::bigint, 'and is gone');

-- A message that waited and went out is nobody's to keep; one that waits stays.
SELECT api.parked_put(pg_temp.id('tom'), pg_temp.id(who), 'm', '<message/>')
FROM (VALUES ('ruiz'), ('chen')) doctors (who) \g /dev/null
SELECT api.parked_sent(pg_temp.id('ruiz'), number)
FROM api.parked_take(pg_temp.id('ruiz')) \g /dev/null
SELECT api.tidy(100, 730) \g /dev/null
SELECT is(pg_temp.left_of('parked'), 2::bigint, 'it may come back once more');
SELECT pg_temp.at('2026-12-01 08:12') \g /dev/null
SELECT api.tidy(100, 730) \g /dev/null
SELECT results_eq($$SELECT recipient FROM clinic.parked$$,
	$$VALUES (pg_temp.id('chen'))$$, 'then it is forgotten');

-- 90 days after the visit; Mia's, for which Chen was told at the same time, is to
-- come.
UPDATE clinic.delivery SET outcome = 'dropped', ended_at = clinic.now()
WHERE minutes_before = 60 AND appointment = (SELECT id FROM clinic.appointment
	WHERE code = :'code');
SELECT pg_temp.at('2027-03-03 15:00') \g /dev/null
SELECT pg_temp.left_of('delivery') AS deliveries \gset
SELECT gone > 10 AS has_gone, is_more FROM api.tidy(100, 730) \gset
SELECT ok(:'has_gone' AND NOT :'is_more', 'openings are');
SELECT is(pg_temp.left_of('delivery'), :deliveries::bigint,
	'what was said of a visit is not');
SELECT pg_temp.at('2027-03-03 15:41') \g /dev/null
SELECT results_eq($$SELECT * FROM api.tidy(100, 730)$$, $$VALUES (2, false)$$,
	'until it was 90 days ago');
SELECT is_empty(format($$SELECT kind FROM clinic.delivery JOIN clinic.appointment
	ON appointment.id = delivery.appointment
	WHERE code = %L AND outcome IS NOT NULL$$, :'code'), 'sent and dropped');
SELECT isnt_empty(format($$SELECT kind FROM clinic.delivery JOIN clinic.appointment
	ON appointment.id = delivery.appointment
	WHERE code = %L AND outcome IS NULL$$, :'code'), 'but not what waits');
SELECT isnt_empty(format($$SELECT kind FROM clinic.delivery JOIN clinic.appointment
	ON appointment.id = delivery.appointment WHERE code = %L AND outcome = 'sent'$$,
	:'later'), 'nor of a visit to come');
SELECT isnt_empty($$SELECT FROM clinic.opening
	WHERE upper(during) BETWEEN '2026-12-04' AND '2026-12-05'$$,
	'later openings stay');
SELECT is_empty($$SELECT FROM clinic.opening
	WHERE upper(during) < '2026-12-03 14:41+00'$$, 'earlier ones are gone');
SELECT is(pg_temp.left_of('time_off') + pg_temp.left_of('extra_opening')
	+ pg_temp.left_of('holiday'), 3::bigint, 'time off, extra hours, holidays stay');
SELECT is(pg_temp.left_of('audit'), :audits::bigint, 'the audit stays');

-- In small batches.
SELECT pg_temp.at('2027-03-28 00:00') \g /dev/null
SELECT results_eq($$SELECT is_more FROM api.tidy(5, 730)$$, $$VALUES (true)$$,
	'there is more than five of a kind');
DO $$
BEGIN
	FOR round IN 1..1000 LOOP
		EXIT WHEN NOT (SELECT is_more FROM api.tidy(5, 730));
	END LOOP;
END $$;
SELECT is_empty($$SELECT FROM clinic.opening
	WHERE during << tstzrange(clinic.now() - interval '90 days', NULL)$$,
	'all are gone in the end');
SELECT is(pg_temp.left_of('time_off') + pg_temp.left_of('extra_opening')
	+ pg_temp.left_of('holiday'), 0::bigint, 'and time off, extra hours, holidays');

-- Years later.
SELECT pg_temp.at('2028-11-28 08:00') \g /dev/null
SELECT api.tidy(1000, 730) \g /dev/null
SELECT is(pg_temp.left_of('audit'), :audits::bigint, 'the audit stays two years');
SELECT api.tidy(1000, 365) \g /dev/null
SELECT is(pg_temp.left_of('audit'), 0::bigint, 'or as long as is said');
SELECT is(pg_temp.left_of('appointment'), 2::bigint, 'visits stay');
SELECT isnt(pg_temp.left_of('appointment_event'), 0::bigint,
	'and what happened to them');
SELECT * FROM finish();
ROLLBACK;
