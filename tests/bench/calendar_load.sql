-- calendar_load.sql - a clinic of any size: doctors, patients, five years of visits.
--
-- Variables: doctors, patients, appointments, ahead_days (how far visits are
-- booked), at (what the clinic's clock shows). Straight into the tables, whose
-- indexes are built afterwards. The calendar of a doctor near "at" is the same
-- whatever the size: each slot is taken or not by its time and her number.

\set QUIET on
SET search_path = clinic, pg_temp;
SET client_min_messages = notice;
SET synchronous_commit = off;
SET work_mem = '256MB';
SET maintenance_work_mem = '1GB';
SET session_replication_role = replica; -- no foreign keys checked, no triggers
UPDATE clock SET offset_ms = 1000 * extract(epoch FROM timestamptz :'at' - now());
UPDATE clinic SET name = 'Large Clinic', zone = 'Europe/Madrid', horizon_days = 120;

-- The indexes of the large tables, to be made when these are full.
CREATE TEMP TABLE index_later AS
SELECT conrelid::regclass AS of_table, format('ALTER TABLE %s DROP CONSTRAINT %I',
		conrelid::regclass, conname) AS drop_it,
	format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
		pg_get_constraintdef(oid)) AS make_it
FROM pg_constraint WHERE contype IN ('u', 'x')
	AND conrelid IN ('appointment'::regclass, 'opening'::regclass,
		'person'::regclass, 'delivery'::regclass)
UNION ALL SELECT indrelid::regclass, format('DROP INDEX %s', indexrelid::regclass),
	pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid IN ('appointment'::regclass, 'opening'::regclass,
		'person'::regclass, 'delivery'::regclass, 'appointment_event'::regclass)
	AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid
		AND contype IN ('p', 'u', 'x'));
SELECT drop_it FROM index_later \gexec

-- People ---------------------------------------------------------------------

CREATE TEMP TABLE given AS SELECT word, number FROM regexp_split_to_table(
	'Ana Ben Clara David Elena Farid Greta Hugo Irene Jonas Katya Liam Mara Nuno '
	|| 'Olga Pavel Quim Rosa Samir Tess Ulla Victor Wanda Xenia Yusuf', ' ')
	WITH ORDINALITY words (word, number);
CREATE TEMP TABLE family AS SELECT first || second AS word,
	row_number() OVER () AS number
FROM regexp_split_to_table('Al Bar Cor Dem Est Fal Gor Hal Iv Jan Kov Lem Mor '
		|| 'Nov Ort Pet Quin Rom San Tor', ' ') first,
	regexp_split_to_table('ado enko ini son rez sky ova berg man da', ' ') second;

INSERT INTO specialty (name) SELECT (string_to_array('Allergology Cardiology '
	|| 'Dermatology Endocrinology Gastroenterology Geriatrics Gynaecology '
	|| 'Hematology Nephrology Neurology Oncology Ophthalmology Orthopedics '
	|| 'Pediatrics Psychiatry Pulmonology Radiology Rheumatology Surgery Urology',
	' '))[n]
FROM generate_series(1, least(20, greatest(1, :doctors / 50))) n;

INSERT INTO person (jid, name)
SELECT 'doctor' || n || '@localhost', given.word || ' ' || family.word
FROM generate_series(1, :doctors) n
	JOIN given ON given.number = 1 + n % 25
	JOIN family ON family.number = 1 + n * 7 % 200
ORDER BY n;
INSERT INTO person (jid, name, birth_date, registered_at)
SELECT 'patient' || n || '@localhost', given.word || ' ' || family.word || ' ' || n,
	date '1940-01-01' + n % 29000, timestamptz :'at'
FROM generate_series(1, :patients) n
	JOIN given ON given.number = 1 + n % 25
	JOIN family ON family.number = 1 + n * 7 % 200
ORDER BY n;
INSERT INTO role SELECT id, CASE WHEN jid LIKE 'doctor%' THEN 'doctor'
	ELSE 'patient' END::role_name FROM person;
INSERT INTO doctor (person, minutes, openings_through, last_booked_at)
SELECT id, CASE WHEN id % 4 = 3 THEN 30 ELSE 20 END,
	(timestamptz :'at')::date + 120,
	timestamptz :'at' - id * 7919 % 10000 * interval '1 minute'
FROM person WHERE jid LIKE 'doctor%' ORDER BY id;
INSERT INTO visit_type (doctor, name, minutes, fee, currency)
SELECT person, 'Visit', minutes, 50, 'EUR' FROM doctor ORDER BY person;
INSERT INTO visit_type (doctor, name, minutes, fee, currency)
SELECT person, 'Control', 10, 20, 'EUR' FROM doctor WHERE person % 5 = 0;
INSERT INTO address (local, person, is_doctors)
SELECT CASE WHEN doctor.person IS NULL THEN split_part(plain(name), ' ', 1)
		ELSE 'dr.' || replace(plain(name), ' ', '.') END || '.' || to_hex(person.id),
	person.id, doctor.person IS NOT NULL
FROM person LEFT JOIN doctor ON doctor.person = person.id;
\warn ...' people'

-- Doctors: a quarter takes 30 minutes for a visit, a fifth has a second type, a
-- short one; a third works from 8 to 15, the others from 9 to 13 and 15 to 18. By
-- tenths they are nearly booked out for the next 0, 0, 0, 1, 1, 2, 3, 4, 7 and 10
-- days. One tenth never notes who came.
CREATE TEMP TABLE numbered AS
SELECT person AS doctor, n, minutes, usual AS visit_type,
	n % 3 = 2 AS is_early, n % 10 = 9 AS is_lazy,
	('{0,0,0,1,1,2,3,4,7,10}'::integer[])[1 + (n * 7 + n / 10) % 10] AS full_days
FROM (SELECT *, (row_number() OVER (ORDER BY person))::integer - 1 AS n,
		(SELECT min(id) FROM visit_type
			WHERE visit_type.doctor = person) AS usual FROM doctor) ordered;
INSERT INTO doctor_specialty
SELECT doctor, (SELECT min(id) FROM specialty)
	+ n / (:doctors / (SELECT count(*) FROM specialty))
FROM numbered;
INSERT INTO availability (doctor, rrule, starts, ends)
SELECT doctor, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', starts, ends
FROM numbered JOIN (VALUES (true, time '08:00', time '15:00'),
	(false, '09:00', '13:00'), (false, '15:00', '18:00'))
	hours (is_early, starts, ends) USING (is_early);
-- Two days closed; a week off within the next months for some.
INSERT INTO holiday (during)
SELECT tstzrange(day AT TIME ZONE 'Europe/Madrid',
	(day + interval '1 day') AT TIME ZONE 'Europe/Madrid')
FROM unnest(ARRAY[30, 84]) k,
	LATERAL (SELECT (timestamptz :'at')::date + k * interval '1 day') one (day);
INSERT INTO time_off (doctor, during)
SELECT doctor, tstzrange(day AT TIME ZONE 'Europe/Madrid',
	(day + interval '7 days') AT TIME ZONE 'Europe/Madrid')
FROM numbered, LATERAL (SELECT (timestamptz :'at')::date
	+ (15 + n % 90) * interval '1 day') one (day)
WHERE n % 7 < 2;

-- Visits -----------------------------------------------------------------------

CREATE FUNCTION pg_temp.chance(k integer, full_days integer) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$
	-- How likely a slot is taken, k days from today.
	SELECT CASE WHEN k < 0 THEN 0.48 WHEN k < full_days THEN 1 WHEN k < 14 THEN 0.25
		WHEN k < 120 THEN 0.25 - 0.15 * (k - 14) / 106 ELSE 0.02 END
$$;
CREATE FUNCTION pg_temp.code_of(c bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	-- Different for each of 0 <= c < 12582912, in no order.
	SELECT CASE WHEN c % 2 = 0 THEN a || b ELSE b || a END
		|| substr(letters, 1 + (d % 32)::integer, 1)
		|| substr(letters, 1 + (d / 32 % 32)::integer, 1)
		|| substr(letters, 1 + (d / 1024 % 32)::integer, 1)
	FROM (SELECT '23456789ABCDEFGHJKLMNPQRSTUVWXYZ' AS letters,
			c / 2 * 1000003 % 6291456 AS d) one,
		LATERAL (SELECT substr(letters, 9 + (d / 32768 % 24)::integer, 1) AS a,
			substr(letters, 1 + (d / 786432)::integer, 1) AS b) two
$$;

-- Opens the calendar of every doctor on some days.
CREATE FUNCTION pg_temp.open_days(today date, first integer, last integer)
RETURNS void LANGUAGE sql AS $$
	INSERT INTO opening (doctor, during)
	SELECT doctor, tstzrange((today + k + starts) AT TIME ZONE 'Europe/Madrid',
		(today + k + ends) AT TIME ZONE 'Europe/Madrid')
	FROM generate_series(first, last) k, numbered JOIN availability USING (doctor)
	WHERE extract(isodow FROM today + k) <= 5
$$;

-- Puts the visits of some days, the latest ones, at most so many; returns how
-- many. Nobody has two within half an hour.
CREATE FUNCTION pg_temp.put_visits(today date, first integer, last integer,
	most bigint, code_from bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	found bigint;
BEGIN
	INSERT INTO appointment (code, doctor, patient, visit_type, during, blocked,
		state, fee, currency, booked_by, created_at)
	SELECT pg_temp.code_of(code_from + row_number() OVER () - 1), doctor, patient,
		visit_type, during, during,
		CASE WHEN luck < CASE WHEN k BETWEEN 0 AND full_days - 1 THEN 20 ELSE 80 END
				THEN 'cancelled'
			WHEN at >= clinic.now() OR is_lazy THEN 'booked'
			WHEN luck < 130 THEN 'noshow' ELSE 'fulfilled'
			END::appointment_state,
		50, 'EUR', patient, at - interval '20 days'
	FROM (SELECT *, tstzrange(at, at + minutes * interval '1 minute') AS during,
			(SELECT max(person) FROM doctor) + 1 + (tick
				* (SELECT count(*) FROM doctor) + n) * 7919 % (SELECT count(*)
					FROM role WHERE role = 'patient') AS patient,
			(hashint8((n::bigint << 40) + tick + (1::bigint << 39))::bigint
				& 1048575) % 1000 AS luck
		FROM generate_series(first, last) k, generate_series(0, 20) place, numbered,
			LATERAL (SELECT (today + k + CASE WHEN is_early THEN time '08:00'
				WHEN place * minutes < 240 THEN time '09:00' ELSE time '11:00' END
				+ place * minutes * interval '1 minute')
				AT TIME ZONE 'Europe/Madrid' AS at) one,
			LATERAL (SELECT extract(epoch FROM at)::bigint / 600 AS tick) two
		WHERE extract(isodow FROM today + k) <= 5 AND place * minutes < 420
			AND k NOT IN (30, 84)
			AND NOT (n % 7 < 2 AND k - (15 + n % 90) BETWEEN 0 AND 6)
			AND (hashint8((n::bigint << 40) + tick)::bigint & 1048575)
				< 1048576 * pg_temp.chance(k, full_days)
		ORDER BY at DESC LIMIT most) taken
	ORDER BY at;
	GET DIAGNOSTICS found = ROW_COUNT;
	RETURN found;
END $$;

-- What is to come first, then the past, half a year at a time, until there are
-- as many as there should be. Before clinic.now() is the past.
CREATE PROCEDURE pg_temp.put_all(today date, most bigint, ahead_days integer)
LANGUAGE plpgsql AS $$
DECLARE
	put bigint := pg_temp.put_visits(today, 0, ahead_days, most, 0);
	before integer := 0;
BEGIN
	PERFORM pg_temp.open_days(today, 0, 120);
	RAISE NOTICE '% visits to come', put;
	WHILE put < most LOOP
		COMMIT;
		PERFORM pg_temp.open_days(today, before - 182, before - 1);
		put := put + pg_temp.put_visits(today, before - 182, before - 1, most - put,
			put);
		before := before - 182;
		RAISE NOTICE '% visits since %', put, today + before;
	END LOOP;
END $$;
CALL pg_temp.put_all((timestamptz :'at')::date, :appointments, :ahead_days);

-- What happened to the visits of the last 60 days and to those to come, and what
-- was or will be sent about them.
INSERT INTO appointment_event (appointment, at, actor, state, during)
SELECT id, created_at, patient, 'booked', during FROM appointment
WHERE lower(during) > timestamptz :'at' - interval '60 days';
INSERT INTO delivery (recipient, kind, appointment, during, minutes_before, next_at,
	created_at, claimed_at, outcome, ended_at)
SELECT patient, 'reminder', id, during, minutes, at, created_at, sent, outcome, sent
FROM appointment, unnest(ARRAY[60, 1440]) minutes,
	LATERAL (SELECT lower(during) - minutes * interval '1 minute' AS at) one,
	LATERAL (SELECT CASE WHEN at < timestamptz :'at' THEN at END AS sent,
		CASE WHEN at < timestamptz :'at' THEN 'sent'::delivery_outcome END
			AS outcome) two
WHERE lower(during) > timestamptz :'at' - interval '60 days'
	AND state <> 'cancelled';
\warn ...' events and reminders'

SELECT make_it FROM index_later ORDER BY of_table, make_it \gexec
\warn ...' indexes'
SET session_replication_role = origin;
SELECT specialty_mentions(id) FROM specialty \g /dev/null
SELECT doctor_mentions(person) FROM doctor \g /dev/null
VACUUM (ANALYZE);
\warn ...' looked through'
SELECT format('%s doctors, %s patients, %s visits from %s to %s: %s to come, %s %% '
	|| 'of the next 14 days taken', (SELECT count(*) FROM doctor),
	(SELECT count(*) FROM role WHERE role = 'patient'), count(*),
	min(lower(during))::date, max(lower(during))::date,
	count(*) FILTER (WHERE lower(during) > timestamptz :'at'), round(100
		* sum(extract(epoch FROM upper(during) - lower(during)))
			FILTER (WHERE is_live AND during && near.span)
		/ (SELECT sum(extract(epoch FROM upper(during) - lower(during)))
			FROM opening WHERE during && near.span)))
FROM appointment, (SELECT tstzrange(timestamptz :'at',
	timestamptz :'at' + interval '14 days') AS span) near GROUP BY near.span;
