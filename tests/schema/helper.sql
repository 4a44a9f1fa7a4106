-- helper.sql - begins a test: a transaction at a known time, and shorthands.
\set ON_ERROR_STOP 1
\set QUIET 1
\pset tuples_only on
\pset format unaligned
BEGIN;
SET LOCAL search_path = api, clinic, tap, public;
SET LOCAL timezone = 'UTC';

CREATE FUNCTION pg_temp.at(local text) RETURNS void LANGUAGE sql AS $$
	UPDATE clinic.clock SET offset_ms = ceil(1000 * extract(epoch FROM
		(local::timestamp AT TIME ZONE 'Europe/Madrid') - now()))
$$;
CREATE FUNCTION pg_temp.id(short text) RETURNS bigint LANGUAGE sql AS $$
	SELECT id FROM clinic.person WHERE jid = short || '@localhost'
$$;
CREATE FUNCTION pg_temp.spec(wanted text) RETURNS bigint LANGUAGE sql AS $$
	SELECT id FROM clinic.specialty WHERE name = wanted
$$;
-- An instant by the clock of Madrid.
CREATE FUNCTION pg_temp.m(local text) RETURNS timestamptz LANGUAGE sql AS $$
	SELECT local::timestamp AT TIME ZONE 'Europe/Madrid'
$$;
-- Books without being asked; the code.
CREATE FUNCTION pg_temp.booked(who text, doctor text, local text) RETURNS text
LANGUAGE sql AS $$
	SELECT code FROM api.book(who || '@localhost', pg_temp.id(doctor),
		pg_temp.m(local))
$$;
-- Makes a patient.
CREATE FUNCTION pg_temp.patient(who text) RETURNS bigint LANGUAGE sql AS $$
	SELECT person FROM api.register(who || '@localhost', initcap(who) || ' Test',
		'1990-01-01', NULL, NULL)
$$;
-- What is written for somebody: kind and code, in order.
CREATE FUNCTION pg_temp.mail(who text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT kind || coalesce(' ' || minutes_before, '') FROM clinic.delivery
	WHERE recipient = pg_temp.id(who) AND outcome IS NULL
	ORDER BY created_at, next_at, id
$$;
-- Monday, 30 November 2026, 8 o'clock in Madrid.
SELECT pg_temp.at('2026-11-30 08:00') \g /dev/null
