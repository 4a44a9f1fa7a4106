-- slots_load.sql - a large clinic: doctors, patients, openings, appointments.
--
-- Variables: doctors, appointments. Straight into the tables; the appointments'
-- indexes are built after them, which is much faster.

SET search_path = clinic, pg_temp;
SET synchronous_commit = off;
UPDATE clinic SET name = 'Large Clinic', zone = 'Europe/Madrid';

-- Names of real shape, all different enough: 40 x 25 and more.
CREATE TEMP TABLE given AS SELECT word, number FROM regexp_split_to_table(
	'Ana Ben Clara David Elena Farid Greta Hugo Irene Jonas Katya Liam Mara Nuno '
	|| 'Olga Pavel Quim Rosa Samir Tess Ulla Victor Wanda Xenia Yusuf', ' ')
	WITH ORDINALITY words (word, number);
CREATE TEMP TABLE family AS SELECT first || second AS word,
	row_number() OVER () AS number
FROM regexp_split_to_table('Al Bar Cor Dem Est Fal Gor Hal Iv Jan Kov Lem Mor '
		|| 'Nov Ort Pet Quin Rom San Tor', ' ') first,
	regexp_split_to_table('ado enko ini son rez sky ova berg man da', ' ') second;

INSERT INTO specialty (name) SELECT 'Specialty ' || chr(64 + n)
FROM generate_series(1, 17) n;
INSERT INTO specialty (name) VALUES ('Cardiology'), ('Dermatology'), ('Neurology');

INSERT INTO person (jid, name)
SELECT 'doctor' || n || '@localhost', given.word || ' ' || family.word
FROM generate_series(1, :doctors) n
	JOIN given ON given.number = 1 + n % 25
	JOIN family ON family.number = 1 + n * 7 % 200;
INSERT INTO person (jid, name, birth_date, registered_at)
SELECT 'patient' || n || '@localhost', 'Patient ' || n, '1980-01-01', now()
FROM generate_series(1, greatest(:doctors * 2, :appointments / 10)) n;
INSERT INTO role SELECT id, CASE WHEN jid LIKE 'doctor%' THEN 'doctor'
	ELSE 'patient' END::role_name FROM person;
INSERT INTO doctor (person, openings_through)
SELECT id, current_date + 120 FROM person
WHERE jid LIKE 'doctor%' ORDER BY id;
INSERT INTO visit_type (doctor, name, fee, currency)
SELECT person, 'Visit', 50, 'EUR' FROM doctor ORDER BY person;

CREATE TEMP TABLE numbered AS
SELECT person AS doctor, row_number() OVER (ORDER BY person) - 1 AS n FROM doctor;
CREATE TEMP TABLE patients AS
SELECT id AS patient, row_number() OVER (ORDER BY id) - 1 AS n
FROM person WHERE jid LIKE 'patient%';
CREATE INDEX ON patients (n);
INSERT INTO doctor_specialty
SELECT doctor, specialty.id FROM numbered JOIN specialty
	ON (specialty.id - (SELECT min(id) FROM specialty)) = n % 20;

-- Monday to Friday, 9 to 13 and 15 to 18, 120 days ahead.
INSERT INTO opening
SELECT doctor, tstzrange((day + starts) AT TIME ZONE 'Europe/Madrid',
	(day + ends) AT TIME ZONE 'Europe/Madrid')
FROM numbered, generate_series(current_date::timestamp,
		current_date + 120, interval '1 day') day,
	(VALUES (time '09:00', time '13:00'), ('15:00', '18:00')) hours (starts, ends)
WHERE extract(isodow FROM day) <= 5;

-- The slots of a doctor, before and after now, 21 a working day.
CREATE TEMP TABLE slot AS
SELECT row_number() OVER (PARTITION BY is_past ORDER BY CASE WHEN is_past
	THEN -extract(epoch FROM at) ELSE extract(epoch FROM at) END) - 1 AS s, *
FROM (SELECT at < now() + interval '1 day' AS is_past, at FROM (
	SELECT (day + time '09:00' + (k + CASE WHEN k >= 12 THEN 6 ELSE 0 END)
		* interval '20 minutes') AT TIME ZONE 'Europe/Madrid' AS at
	FROM generate_series((current_date - 10 - :appointments / :doctors * 7 / 105)
			::timestamp, current_date + 30, interval '1 day') day,
		generate_series(0, 20) k
	WHERE extract(isodow FROM day) <= 5) times
	WHERE at < now() + interval '30 days') slots;

ALTER TABLE appointment DROP CONSTRAINT appointment_doctor_once,
	DROP CONSTRAINT appointment_patient_once;
INSERT INTO appointment (code, doctor, patient, visit_type, during, blocked, state,
	fee, currency, booked_by)
SELECT substr('ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (c % 24)::integer, 1)
	|| (2 + c / 24 % 8) || substr(letters, 1 + (c / 192 % 32)::integer, 1)
	|| substr(letters, 1 + (c / 6144 % 32)::integer, 1)
	|| substr(letters, 1 + (c / 196608 % 32)::integer, 1),
	doctor, patient, (SELECT id FROM visit_type WHERE visit_type.doctor = coded.doctor),
	tstzrange(at, at + interval '20 minutes'),
	tstzrange(at, at + interval '20 minutes'), 'booked', 50, 'EUR', patient
FROM (SELECT '23456789ABCDEFGHJKLMNPQRSTUVWXYZ' AS letters, *,
		row_number() OVER () * 1000003 % 6291456 AS c
	FROM (SELECT doctor, slot.at, (slot.s * :doctors + numbered.n)
			% (SELECT count(*) FROM patients) AS number
		FROM numbered, slot
		WHERE CASE WHEN is_past THEN s < :appointments / :doctors * 4 / 5
			ELSE abs(hashint8(numbered.n * 7919 + s)::bigint) % 1000
				< 1000 * (:appointments / :doctors / 5)
				/ (SELECT count(*) FROM slot WHERE NOT is_past) END) chosen
) coded JOIN patients ON patients.n = coded.number
ORDER BY at;
ALTER TABLE appointment
	ADD CONSTRAINT appointment_doctor_once
		EXCLUDE USING gist (doctor WITH =, blocked WITH &&) WHERE (is_live),
	ADD CONSTRAINT appointment_patient_once
		EXCLUDE USING gist (patient WITH =, during WITH &&) WHERE (is_planned);
RESET synchronous_commit;
VACUUM (ANALYZE);
CHECKPOINT;
