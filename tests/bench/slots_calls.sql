-- slots_calls.sql - calls each function again and again; prints p50 and p99.
--
-- Variable: calls. The time of a call is the database's own, commit included.

CREATE SCHEMA bench;
CREATE TABLE bench.doctor AS SELECT person AS doctor, jid, row_number() OVER () AS n
FROM clinic.doctor JOIN clinic.person ON id = person;
CREATE TABLE bench.patient AS SELECT jid, row_number() OVER () AS n
FROM clinic.person JOIN clinic.role ON person = id AND role = 'patient';
CREATE TABLE bench.figure (number integer GENERATED ALWAYS AS IDENTITY, what text,
	ms float8[]);
CREATE INDEX ON bench.doctor (n);
CREATE INDEX ON bench.patient (n);
ANALYZE bench.doctor, bench.patient;

CREATE FUNCTION bench.ask(OUT jid text, OUT doctor bigint, OUT doctor_jid text,
	OUT specialty bigint, OUT day date) LANGUAGE plpgsql AS $$
DECLARE
	patient_n bigint := 1 + floor(random() * (SELECT max(n) FROM bench.patient));
	doctor_n bigint := 1 + floor(random() * (SELECT max(n) FROM bench.doctor));
BEGIN
	SELECT p.jid INTO jid FROM bench.patient p WHERE p.n = patient_n;
	SELECT d.doctor, d.jid INTO doctor, doctor_jid FROM bench.doctor d
	WHERE d.n = doctor_n;
	SELECT s.id INTO specialty FROM clinic.specialty s ORDER BY random() LIMIT 1;
	day := current_date + floor(random() * 25)::integer;
END $$;

-- The query has $1 a patient, $2 a doctor, $3 her JID, $4 a specialty, $5 a day;
-- or what a first query, whose time does not count, makes of these.
CREATE PROCEDURE bench.measure(what text, query text, calls integer,
	first text DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
	asked record;
	began timestamptz;
	times float8[] := '{}';
BEGIN
	FOR i IN 1 .. calls + 20 LOOP
		asked := bench.ask();
		IF first IS NOT NULL THEN
			EXECUTE first INTO asked
			USING asked.jid, asked.doctor, asked.doctor_jid, asked.specialty,
				asked.day;
			CONTINUE WHEN asked IS NULL;
		END IF;
		COMMIT;
		began := clock_timestamp();
		IF first IS NULL THEN
			EXECUTE query USING asked.jid, asked.doctor, asked.doctor_jid,
				asked.specialty, asked.day;
		ELSE
			EXECUTE query USING asked.a, asked.b, asked.c;
		END IF;
		COMMIT;
		IF i > 20 THEN
			times := times || extract(epoch FROM clock_timestamp() - began) * 1000;
		END IF;
	END LOOP;
	INSERT INTO bench.figure (what, ms) VALUES (what, times);
	COMMIT;
END $$;

CALL bench.measure('hear', 'SELECT * FROM api.hear($1, '''')', :calls);
CALL bench.measure('slots: one doctor, 30 days, all of them',
	'SELECT * FROM api.slots($1, $2, NULL, current_date, current_date + 30, NULL,
		NULL, NULL, 10000, NULL)', :calls);
CALL bench.measure('slots: one doctor, the next 5',
	'SELECT * FROM api.slots($1, $2, NULL, NULL, NULL, NULL, NULL, NULL, 5, NULL)',
	:calls);
CALL bench.measure('slots: one doctor, afternoons from a day, 5',
	'SELECT * FROM api.slots($1, $2, NULL, $5, NULL, ''15:00'', ''24:00'', NULL, 5,
		NULL)', :calls);
CALL bench.measure('slots: a specialty, the next 5',
	'SELECT * FROM api.slots($1, NULL, $4, NULL, NULL, NULL, NULL, NULL, 5, NULL)',
	:calls / 5);
CALL bench.measure('slots: anybody, the next 5',
	'SELECT * FROM api.slots($1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 5, NULL)',
	:calls / 20);
CALL bench.measure('doctors: a specialty, each with next free',
	'SELECT * FROM api.doctors($1, $4, NULL, NULL, NULL, NULL)', :calls / 5);
CALL bench.measure('mentions: a sentence',
	$$SELECT * FROM api.mentions($1, 'could i see dr koovenko the cardiolgist '
		|| 'tomorrow at twenty to ten instead please')$$, :calls / 5);
CALL bench.measure('appointments', 'SELECT * FROM api.appointments($1, NULL, NULL)',
	:calls);
CALL bench.measure('agenda: a day', 'SELECT * FROM api.agenda($3, $5, $5)', :calls);
CALL bench.measure('book', 'SELECT * FROM api.book($1, $2::bigint, $3::timestamptz)', :calls,
	'SELECT $1 AS a, $2::text AS b, (SELECT starts_at FROM api.slots($1, $2,
		NULL, $5, NULL, NULL, NULL, NULL, 1, NULL)) AS c WHERE $3 <> '''' AND $4 > 0');
CALL bench.measure('move', 'SELECT * FROM api.move($1, $2, $3::timestamptz)', :calls,
	'SELECT $1 AS a, code AS b, (SELECT starts_at FROM api.slots($1,
		doctor, NULL, $5, NULL, NULL, NULL, NULL, 1, NULL)) AS c
	FROM api.appointments($1, NULL, NULL) WHERE starts_at::timestamptz > now()
		AND $2 > 0 AND $3 <> '''' AND $4 > 0 LIMIT 1');
CALL bench.measure('cancel', 'SELECT * FROM api.cancel($1, $2, $3)', :calls,
	'SELECT $1 AS a, code AS b, ''''::text AS c FROM api.appointments($1, NULL, NULL)
	WHERE starts_at::timestamptz > now() AND $2 > 0 AND $3 <> '''' AND $4 > 0
		AND $5 IS NOT NULL LIMIT 1');

\pset footer off
SELECT rpad(what, 42) AS "function", cardinality(ms) AS calls,
	to_char(percentile_cont(0.5) WITHIN GROUP (ORDER BY one), '9990.00') AS "p50 ms",
	to_char(percentile_cont(0.99) WITHIN GROUP (ORDER BY one), '9990.00') AS "p99 ms"
FROM bench.figure, unnest(ms) one GROUP BY number, what, ms ORDER BY number;
