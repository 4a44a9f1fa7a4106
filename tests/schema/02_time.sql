-- 02_time.sql - local times to instants and back, where the clocks change.
\ir helper.sql
SELECT plan(35);

-- Instants.
SELECT is(clinic.instant(local::timestamp, zone),
	wanted::timestamptz, zone || ' ' || local || ': ' || why)
FROM (VALUES
	('Europe/Madrid', '2026-12-01 09:40', '2026-12-01 08:40Z', 'winter'),
	('Europe/Madrid', '2026-07-01 09:40', '2026-07-01 07:40Z', 'summer'),
	('Europe/Madrid', '2027-03-28 01:59', '2027-03-28 00:59Z', 'before the gap'),
	('Europe/Madrid', '2027-03-28 02:00', '2027-03-28 01:00Z', 'the gap begins'),
	('Europe/Madrid', '2027-03-28 02:30', '2027-03-28 01:30Z', 'past the gap'),
	('Europe/Madrid', '2027-03-28 03:00', '2027-03-28 01:00Z', 'after the gap'),
	('Europe/Madrid', '2026-10-25 01:59', '2026-10-24 23:59Z', 'before the two'),
	('Europe/Madrid', '2026-10-25 02:00', '2026-10-25 00:00Z', 'the first of two'),
	('Europe/Madrid', '2026-10-25 02:59', '2026-10-25 00:59Z', 'still the first'),
	('Europe/Madrid', '2026-10-25 03:00', '2026-10-25 02:00Z', 'after the two'),
	('America/New_York', '2027-03-14 02:30', '2027-03-14 07:30Z', 'past the gap'),
	('America/New_York', '2026-11-01 01:30', '2026-11-01 05:30Z', 'the first'),
	('America/New_York', '2026-11-01 02:00', '2026-11-01 07:00Z', 'after the two'),
	('Australia/Lord_Howe', '2026-10-04 02:10', '2026-10-03 15:40Z',
		'past the half hour''s gap'),
	('Australia/Lord_Howe', '2026-10-04 02:30', '2026-10-03 15:30Z', 'after it'),
	('Australia/Lord_Howe', '2027-04-04 01:29', '2027-04-03 14:29Z',
		'before the half hour'),
	('Australia/Lord_Howe', '2027-04-04 01:45', '2027-04-03 14:45Z', 'the first'),
	('Australia/Lord_Howe', '2027-04-04 02:00', '2027-04-03 15:30Z',
		'after the half hour'),
	('Asia/Kolkata', '2026-12-01 09:40', '2026-12-01 04:10Z', 'half an hour'),
	('Pacific/Apia', '2011-12-30 12:00', '2011-12-30 22:00Z', 'a day that was not')
) cases (zone, local, wanted, why);

-- Every quarter of an hour of two years, in six zones, comes back as itself
-- unless it was in a gap; and no two are out of order.
SELECT is_empty(format($$
	SELECT local, clinic.instant(local, zone) AT TIME ZONE zone
	FROM (VALUES (%L)) zones (zone),
		generate_series('2026-01-01'::timestamp, '2027-12-31', '15 minutes') local
	WHERE clinic.instant(local, zone) AT TIME ZONE zone <> local
		AND EXISTS (SELECT FROM generate_series(-26, 26) h
			WHERE (local AT TIME ZONE 'UTC' + h * interval '30 minutes')
				AT TIME ZONE zone = local)
	$$, zone), zone || ': what exists comes back')
FROM unnest(ARRAY['Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe'])
	zone;

-- Slots: a doctor who works through the nights, with visits of 20 minutes.
CREATE FUNCTION pg_temp.night(zone text, day date) RETURNS SETOF text
LANGUAGE plpgsql AS $$
-- Makes the clinic live in a zone on the eve of that day, Dr. Ruiz open from
-- midnight to six, and returns the starts that Tom is offered.
BEGIN
	UPDATE clinic.clinic SET zone = night.zone;
	UPDATE clinic.clock SET offset_ms = 1000 * extract(epoch FROM
		(day - 1)::timestamp AT TIME ZONE night.zone - now());
	DELETE FROM clinic.appointment_event;
	DELETE FROM clinic.delivery;
	DELETE FROM clinic.appointment;
	DELETE FROM clinic.opening;
	PERFORM api.horizon_set(pg_temp.id('ruiz'), day, day,
		jsonb_build_array(jsonb_build_array(day || ' 00:00', day || ' 06:00')));
	RETURN QUERY SELECT substr(starts, 12) || '-' || substr(ends, 12)
		FROM api.slots('tom@localhost', pg_temp.id('ruiz'), NULL, day, day, NULL,
			NULL, NULL, 100, NULL);
END $$;

SELECT is(string_agg(s, ' ') FILTER (WHERE s BETWEEN '01:' AND '03:3'), wanted,
	zone || ' ' || day || ': ' || why)
FROM (VALUES
	('Europe/Madrid', '2027-03-28', '01:00-01:20 01:20-01:40 01:40-03:00 '
		|| '03:00-03:20 03:20-03:40', 'nothing is sold in the gap'),
	('Europe/Madrid', '2026-10-25', '01:00-01:20 01:20-01:40 01:40-02:00 '
		|| '02:00-02:20 02:20-02:40 02:40-02:00 03:00-03:20 03:20-03:40',
		'an hour that comes twice is offered once'),
	('America/New_York', '2027-03-14', '01:00-01:20 01:20-01:40 01:40-03:00 '
		|| '03:00-03:20 03:20-03:40', 'nothing is sold in the gap'),
	('America/New_York', '2026-11-01', '01:00-01:20 01:20-01:40 01:40-01:00 '
		|| '02:00-02:20 02:20-02:40 02:40-03:00 03:00-03:20 03:20-03:40',
		'an hour that comes twice is offered once'),
	('Australia/Lord_Howe', '2026-10-04', '01:00-01:20 01:20-01:40 01:40-02:30 '
		|| '02:30-02:50 02:50-03:10 03:10-03:30', 'half an hour is missing'),
	('Australia/Lord_Howe', '2027-04-04', '01:00-01:20 01:20-01:40 01:40-01:30 '
		|| '02:10-02:30 02:30-02:50 02:50-03:10 03:10-03:30',
		'half an hour comes twice')
) cases (zone, day, wanted, why),
	LATERAL pg_temp.night(zone, day::date) s
GROUP BY zone, day, wanted, why ORDER BY zone, day;

SELECT pg_temp.night('Europe/Madrid', '2026-10-25') \g /dev/null
SELECT is(string_agg(substr(starts, 12), ' ' ORDER BY starts_at),
	'02:00 02:20 02:40', 'which times come twice is told')
FROM api.slots('tom@localhost', pg_temp.id('ruiz'), NULL, NULL, NULL, NULL, NULL,
	NULL, 100, NULL) WHERE comes_twice;

-- What is booked across the change keeps its length and tells the right end.
SELECT pg_temp.night('Europe/Madrid', '2027-03-28') \g /dev/null
SELECT results_eq($$SELECT starts_at, starts, ends FROM api.book('tom@localhost',
		pg_temp.id('ruiz'), '2027-03-28 00:40Z')$$,
	$$VALUES ('2027-03-28T00:40:00Z', '2027-03-28 01:40', '2027-03-28 03:00')$$,
	'a visit that ends as the gap begins');
SELECT pg_temp.night('Europe/Madrid', '2026-10-25') \g /dev/null
SELECT results_eq($$SELECT starts, ends FROM api.book('tom@localhost',
		pg_temp.id('ruiz'), clinic.instant('2026-10-25 02:20', 'Europe/Madrid'))$$,
	$$VALUES ('2026-10-25 02:20', '2026-10-25 02:40')$$,
	'a visit in the first of two hours');
SELECT results_eq($$SELECT starts, ends FROM api.book('tom@localhost',
		pg_temp.id('ruiz'), '2026-10-25 01:20Z')$$,
	$$VALUES ('2026-10-25 02:20', '2026-10-25 02:40')$$,
	'the second can be booked by its instant');
SELECT results_eq($$SELECT starts_at FROM api.agenda('ruiz@localhost',
		'2026-10-25', '2026-10-25') agenda
		JOIN api.appointments('tom@localhost', NULL, NULL) USING (code)$$,
	$$VALUES ('2026-10-25T00:20:00Z'), ('2026-10-25T01:20:00Z')$$,
	'and a day of 25 hours has both');
SELECT is(clinic.days_window('2027-03-28', '2027-03-28', 'Europe/Madrid'),
	'["2027-03-27 23:00Z","2027-03-28 22:00Z")'::tstzrange,
	'a day of 23 hours');

SELECT * FROM finish();
ROLLBACK;
