-- 0001_clinic.sql - the clinic's tables: people, directory, calendar, post.
--
-- Everything is stored in UTC. Rules that must never break are constraints.
-- People are told apart by their bare JID; a doctor is a person with a row in
-- "doctor", and the same id. Functions that indexes and constraints use stand
-- here; all others are re-created at every migration (schema/clinic, schema/api).

DO $$
DECLARE
	extension_name text;
BEGIN
	FOREACH extension_name IN ARRAY
		ARRAY['btree_gist', 'pg_trgm', 'fuzzystrmatch', 'unaccent']
	LOOP
		EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA clinic',
			extension_name);
		EXECUTE format('ALTER EXTENSION %I SET SCHEMA clinic',
			extension_name);
	END LOOP;
END $$;

SET LOCAL search_path = clinic, pg_temp;

-- What text may be ---------------------------------------------------------

CREATE FUNCTION clinic.is_clean(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value !~ ('[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f'
	|| '\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb'
	|| '\U000e0000-\U000e007f]');
COMMENT ON FUNCTION clinic.is_clean(text) IS
	'Whether a text has no control, invisible or direction-changing characters.';

CREATE FUNCTION clinic.is_line(value text, most integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN length(value) BETWEEN 1 AND most AND value = btrim(value)
	AND clinic.is_clean(value);
COMMENT ON FUNCTION clinic.is_line(text, integer) IS
	'Whether a text is one trimmed, clean line of at most so many characters.';

-- unaccent() is only stable because its dictionary might change; ours does not.
CREATE FUNCTION clinic.plain(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(clinic.unaccent('clinic.unaccent'::regdictionary, value)
	COLLATE "und-x-icu");
COMMENT ON FUNCTION clinic.plain(text) IS
	'A text in lower case without accents, to compare and to search.';

-- The house ------------------------------------------------------------------

CREATE TABLE clinic.zone (
	name text PRIMARY KEY,
	plain text NOT NULL,
	city text NOT NULL
);
COMMENT ON TABLE clinic.zone IS
	'The time zones that PostgreSQL knows; pg_timezone_names itself is slow.';
CREATE INDEX zone_plain ON clinic.zone (plain);
COMMENT ON INDEX clinic.zone_plain IS 'A zone by its typed name (my_set).';
CREATE INDEX zone_city ON clinic.zone (city);
COMMENT ON INDEX clinic.zone_city IS 'A zone by its last part (my_set).';

INSERT INTO clinic.zone
SELECT name, lower(replace(name, '_', ' ')),
	lower(replace(regexp_replace(name, '^.*/', ''), '_', ' '))
FROM pg_timezone_names
WHERE name !~ '^(posix|right)/' AND name NOT IN ('localtime', 'posixrules');

CREATE TABLE clinic.clinic (
	is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
	name text NOT NULL CHECK (clinic.is_line(name, 100)),
	zone text NOT NULL REFERENCES clinic.zone,
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	language text NOT NULL CHECK (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$'),
	reminders integer[] NOT NULL
		CHECK (cardinality(reminders) <= 10 AND 0 < ALL (reminders)
			AND 525600 >= ALL (reminders)),
	horizon_days integer NOT NULL CHECK (horizon_days BETWEEN 1 AND 730)
);
COMMENT ON TABLE clinic.clinic IS
	'The clinic''s settings: one row, written by api.configure.';
COMMENT ON COLUMN clinic.clinic.reminders IS
	'Minutes before a visit at which its patient is reminded.';
INSERT INTO clinic.clinic (name, zone, currency, language, reminders, horizon_days)
VALUES ('The clinic', 'UTC', 'EUR', 'en', '{1440,60}', 120);

CREATE TABLE clinic.clock (
	is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
	offset_ms bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE clinic.clock IS
	'How far the clinic''s idea of now is ahead of the real one (tests).';
INSERT INTO clinic.clock DEFAULT VALUES;

CREATE FUNCTION clinic.clock_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('clock', NEW.offset_ms::text);
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.clock_changed() IS
	'Trigger: tells the post room that now is another time.';
CREATE TRIGGER clock_changed AFTER UPDATE ON clinic.clock
FOR EACH ROW EXECUTE FUNCTION clinic.clock_changed();

CREATE FUNCTION clinic.now() RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN pg_catalog.now() + (SELECT offset_ms * interval '1 millisecond'
		FROM clinic.clock);
END $$;
COMMENT ON FUNCTION clinic.now() IS
	'The clinic''s now: the transaction''s start, moved by clinic.clock.';

-- People ---------------------------------------------------------------------

CREATE TYPE clinic.role_name AS ENUM ('patient', 'doctor', 'admin');

CREATE TABLE clinic.person (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	jid text UNIQUE
		CHECK (jid ~ '^([^@/[:space:]"&''<>]+@)?[^@/[:space:]"&''<>]+$'
			AND clinic.is_line(jid, 2047)),
	name text CHECK (clinic.is_line(name, 100)),
	birth_date date CHECK (birth_date >= '1880-01-01'),
	phone text CHECK (phone ~ '^\+?[0-9][0-9 ()./-]{3,28}[0-9]$'),
	email text CHECK (clinic.is_line(email, 254)
		AND email ~ '^[^@[:space:]<>"]+@[^@[:space:]<>"]+\.[^@[:space:]<>".]+$'),
	zone text REFERENCES clinic.zone,
	language text CHECK (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$'
		AND length(language) <= 35),
	created_at timestamptz NOT NULL DEFAULT clinic.now(),
	registered_at timestamptz,
	search text GENERATED ALWAYS AS (
		clinic.plain(coalesce(name, '')) || ' ' || coalesce(jid, '') || ' '
		|| coalesce(regexp_replace(phone, '[^0-9]', '', 'g'), '')) STORED
);
COMMENT ON TABLE clinic.person IS
	'Everybody the clinic knows; by bare JID. NULL jid: no account of their own.';
COMMENT ON COLUMN clinic.person.zone IS 'NULL: the clinic''s.';
COMMENT ON COLUMN clinic.person.registered_at IS 'When they became a patient.';
COMMENT ON CONSTRAINT person_jid_key ON clinic.person IS
	'Who writes (every api function).';
CREATE INDEX person_search ON clinic.person USING gin (search gin_trgm_ops);
COMMENT ON INDEX clinic.person_search IS
	'A person by part of name, JID or phone (people).';
CREATE INDEX person_by_name ON clinic.person (name COLLATE "und-x-icu", id);
COMMENT ON INDEX clinic.person_by_name IS
	'The list of everybody, a page at a time (people).';

CREATE TABLE clinic.role (
	person bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	role clinic.role_name NOT NULL,
	granted_at timestamptz NOT NULL DEFAULT clinic.now(),
	PRIMARY KEY (person, role)
);
COMMENT ON TABLE clinic.role IS 'What a person may do here.';
CREATE INDEX role_by_role ON clinic.role (role);
COMMENT ON INDEX clinic.role_by_role IS
	'Every admin (dead letters, the last one); counts (stats).';

CREATE TABLE clinic.conversation (
	jid text NOT NULL CHECK (clinic.is_line(jid, 2047)),
	session text NOT NULL CHECK (length(session) <= 200),
	form jsonb NOT NULL CHECK (length(form::text) <= 65536),
	updated_at timestamptz NOT NULL DEFAULT clinic.now(),
	PRIMARY KEY (jid, session)
);
COMMENT ON TABLE clinic.conversation IS
	'The form that somebody is filling in; session '''' is the chat. Strangers too.';
CREATE INDEX conversation_by_age ON clinic.conversation (updated_at);
COMMENT ON INDEX clinic.conversation_by_age IS
	'Forms that nobody finished, to forget them (form_save).';

CREATE TABLE clinic.audit (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at timestamptz NOT NULL DEFAULT clinic.now(),
	jid text NOT NULL CHECK (length(jid) <= 2047),
	action text NOT NULL CHECK (length(action) <= 100),
	subject text CHECK (length(subject) <= 2047)
);
COMMENT ON TABLE clinic.audit IS
	'What was refused, and who changed people, roles, doctors and hours.';
CREATE INDEX audit_by_time ON clinic.audit (at);
COMMENT ON INDEX clinic.audit_by_time IS
	'What happened in a period (an operator''s question).';

-- The directory ----------------------------------------------------------------

CREATE TABLE clinic.specialty (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL CHECK (clinic.is_line(name, 60)),
	plain text NOT NULL GENERATED ALWAYS AS (clinic.plain(name)) STORED UNIQUE
);
COMMENT ON TABLE clinic.specialty IS 'What doctors are good at.';
COMMENT ON CONSTRAINT specialty_plain_key ON clinic.specialty IS
	'One specialty in any spelling (specialty_add).';

CREATE TABLE clinic.doctor (
	person bigint PRIMARY KEY REFERENCES clinic.person,
	minutes integer NOT NULL DEFAULT 20 CHECK (minutes BETWEEN 5 AND 480),
	fee numeric(9, 2) NOT NULL DEFAULT 0 CHECK (fee >= 0),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	zone text REFERENCES clinic.zone,
	is_active boolean NOT NULL DEFAULT true,
	openings_through date
);
COMMENT ON TABLE clinic.doctor IS
	'A person who sees patients; her id is the person''s.';
COMMENT ON COLUMN clinic.doctor.zone IS
	'The zone her hours are written in: hers when she wrote them. NULL: the clinic''s.';
COMMENT ON COLUMN clinic.doctor.openings_through IS
	'The last day her hours have been expanded for; NULL: none.';

CREATE TABLE clinic.doctor_specialty (
	doctor bigint NOT NULL REFERENCES clinic.doctor ON DELETE CASCADE,
	specialty bigint NOT NULL REFERENCES clinic.specialty,
	PRIMARY KEY (doctor, specialty)
);
COMMENT ON TABLE clinic.doctor_specialty IS 'Which doctor has which specialties.';
CREATE INDEX doctor_specialty_doctors ON clinic.doctor_specialty (specialty, doctor);
COMMENT ON INDEX clinic.doctor_specialty_doctors IS
	'The doctors of a specialty (doctors, slots).';

CREATE TABLE clinic.synonym (
	phrase text NOT NULL CHECK (phrase ~ '^[a-z0-9]+( [a-z0-9]+){0,3}$'),
	specialty text NOT NULL,
	PRIMARY KEY (phrase, specialty)
);
COMMENT ON TABLE clinic.synonym IS
	'How people call a specialty: reference data (schema/words.sql), plain text.';
CREATE INDEX synonym_phrases ON clinic.synonym (specialty);
COMMENT ON INDEX clinic.synonym_phrases IS
	'Every phrase of a specialty (mentions_of).';

CREATE TABLE clinic.common_word (word text PRIMARY KEY);
COMMENT ON TABLE clinic.common_word IS
	'Ordinary words that are never a misspelt name: reference data (schema/words.sql).';

CREATE TABLE clinic.mention (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint REFERENCES clinic.doctor ON DELETE CASCADE,
	specialty bigint REFERENCES clinic.specialty ON DELETE CASCADE,
	phrase text NOT NULL,
	sound text,
	stem text,
	CHECK (num_nonnulls(doctor, specialty) = 1)
);
COMMENT ON TABLE clinic.mention IS
	'Words that mean a doctor or a specialty; kept by triggers from the names.';
CREATE INDEX mention_phrase ON clinic.mention (phrase);
COMMENT ON INDEX clinic.mention_phrase IS 'Exact words of a sentence (mentions).';
CREATE INDEX mention_sound ON clinic.mention (sound) WHERE sound IS NOT NULL;
COMMENT ON INDEX clinic.mention_sound IS 'Words that sound the same (mentions).';
CREATE INDEX mention_stem ON clinic.mention (stem) WHERE stem IS NOT NULL;
COMMENT ON INDEX clinic.mention_stem IS 'Neurologist for Neurology (mentions).';
CREATE INDEX mention_doctor ON clinic.mention (doctor);
COMMENT ON INDEX clinic.mention_doctor IS 'A doctor''s words, to write them anew.';
CREATE INDEX mention_specialty ON clinic.mention (specialty);
COMMENT ON INDEX clinic.mention_specialty IS
	'A specialty''s words, to write them anew.';

CREATE TABLE clinic.mention_spelling (
	spelling text NOT NULL,
	mention bigint NOT NULL REFERENCES clinic.mention ON DELETE CASCADE,
	PRIMARY KEY (spelling, mention)
);
COMMENT ON TABLE clinic.mention_spelling IS
	'Each such word with up to two letters left out: two words that differ by '
	'one or two typos share a spelling.';
CREATE INDEX mention_spelling_mention ON clinic.mention_spelling (mention);
COMMENT ON INDEX clinic.mention_spelling_mention IS
	'A word''s spellings, to delete them with it.';

CREATE FUNCTION clinic.names_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = clinic, pg_temp AS $$
BEGIN
	IF TG_TABLE_NAME = 'specialty' THEN
		PERFORM specialty_mentions(NEW.id);
	ELSIF TG_TABLE_NAME = 'doctor' THEN
		PERFORM doctor_mentions(NEW.person);
	ELSIF EXISTS (SELECT FROM doctor WHERE doctor.person = NEW.id) THEN
		PERFORM doctor_mentions(NEW.id);
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.names_changed() IS
	'Trigger: a name changed, so do the words that mean it.';
CREATE TRIGGER names_changed
AFTER INSERT OR UPDATE OF name ON clinic.specialty
FOR EACH ROW EXECUTE FUNCTION clinic.names_changed();
CREATE TRIGGER names_changed
AFTER INSERT OR UPDATE OF is_active ON clinic.doctor
FOR EACH ROW EXECUTE FUNCTION clinic.names_changed();
CREATE TRIGGER names_changed
AFTER UPDATE OF name ON clinic.person
FOR EACH ROW EXECUTE FUNCTION clinic.names_changed();

-- The calendar -------------------------------------------------------------------

CREATE TABLE clinic.availability (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint NOT NULL REFERENCES clinic.doctor ON DELETE CASCADE,
	rrule text NOT NULL
		CHECK (rrule ~ '^FREQ=[A-Z0-9=;:,+-]+$' AND length(rrule) <= 500),
	starts time NOT NULL,
	ends time NOT NULL,
	CHECK (starts < ends)
);
COMMENT ON TABLE clinic.availability IS
	'When a doctor works: recurrence rules (RFC 5545) in her zone.';
CREATE INDEX availability_doctor ON clinic.availability (doctor);
COMMENT ON INDEX clinic.availability_doctor IS
	'A doctor''s rules (hours, horizons_due).';

CREATE TABLE clinic.opening (
	doctor bigint NOT NULL REFERENCES clinic.doctor ON DELETE CASCADE,
	during tstzrange NOT NULL
		CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
			AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL),
	CONSTRAINT opening_once EXCLUDE USING gist (doctor WITH =, during WITH &&)
);
COMMENT ON TABLE clinic.opening IS
	'The rules expanded to times, up to the horizon. Slots are cut from these.';
COMMENT ON CONSTRAINT opening_once ON clinic.opening IS
	'A doctor''s openings in a window (slots, doctors, book).';

CREATE TABLE clinic.time_off (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint NOT NULL REFERENCES clinic.doctor ON DELETE CASCADE,
	during tstzrange NOT NULL
		CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
			AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL),
	reason text CHECK (clinic.is_line(reason, 200)),
	CONSTRAINT time_off_once EXCLUDE USING gist (doctor WITH =, during WITH &&)
);
COMMENT ON TABLE clinic.time_off IS
	'When a doctor does not work although her rules say so.';
COMMENT ON CONSTRAINT time_off_once ON clinic.time_off IS
	'A doctor''s time off in a window (slots, doctors, book, off).';

CREATE TYPE clinic.wish AS (
	span tstzrange,
	zone text,
	time_from time,
	time_to time,
	repeated tstzmultirange
);
COMMENT ON TYPE clinic.wish IS
	'When somebody wishes to come: in a span of time, at [from, to) by the clock of '
	'a zone (NULL: any time), but not when that clock shows a time again.';

CREATE TYPE clinic.appointment_state AS ENUM
	('held', 'requested', 'booked', 'arrived', 'fulfilled', 'noshow', 'cancelled');

CREATE TABLE clinic.appointment_transition (
	was clinic.appointment_state NOT NULL,
	becomes clinic.appointment_state NOT NULL,
	PRIMARY KEY (was, becomes)
);
COMMENT ON TABLE clinic.appointment_transition IS
	'What state an appointment may go to from which; itself: it is moved.';
INSERT INTO clinic.appointment_transition VALUES
	('held', 'booked'), ('held', 'requested'), ('held', 'cancelled'),
	('requested', 'booked'), ('requested', 'cancelled'),
	('booked', 'booked'), ('booked', 'arrived'), ('booked', 'fulfilled'),
	('booked', 'noshow'), ('booked', 'cancelled'),
	('arrived', 'fulfilled'), ('arrived', 'cancelled'),
	('noshow', 'arrived');

CREATE TABLE clinic.appointment (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	code text NOT NULL UNIQUE
		CHECK (code ~ '^[2-9A-HJ-NP-Z]{5}$' AND code ~ '[2-9]' AND code ~ '[A-Z]'),
	doctor bigint NOT NULL REFERENCES clinic.doctor,
	patient bigint NOT NULL REFERENCES clinic.person,
	during tstzrange NOT NULL
		CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
			AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL
			AND upper(during) - lower(during) <= interval '24 hours'),
	state clinic.appointment_state NOT NULL,
	is_live boolean NOT NULL GENERATED ALWAYS AS
		(state IN ('held', 'requested', 'booked', 'arrived')) STORED,
	held_until timestamptz,
	fee numeric(9, 2) NOT NULL CHECK (fee >= 0),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	booked_by bigint NOT NULL REFERENCES clinic.person,
	created_at timestamptz NOT NULL DEFAULT clinic.now(),
	CHECK (doctor <> patient),
	CHECK ((state = 'held') = (held_until IS NOT NULL)),
	CONSTRAINT appointment_doctor_once
		EXCLUDE USING gist (doctor WITH =, during WITH &&) WHERE (is_live),
	CONSTRAINT appointment_patient_once
		EXCLUDE USING gist (patient WITH =, during WITH &&) WHERE (is_live)
);
COMMENT ON TABLE clinic.appointment IS
	'A visit. Only clinic.appointment_put writes here.';
COMMENT ON COLUMN clinic.appointment.is_live IS
	'Whether it takes up the time of both.';
COMMENT ON COLUMN clinic.appointment.fee IS 'As it was when it was booked.';
COMMENT ON CONSTRAINT appointment_code_key ON clinic.appointment IS
	'A visit by its code (appointments, move, cancel).';
COMMENT ON CONSTRAINT appointment_doctor_once ON clinic.appointment IS
	'A doctor''s live visits in a window (slots, doctors, book, agenda).';
COMMENT ON CONSTRAINT appointment_patient_once ON clinic.appointment IS
	'A patient''s live visits in a window (hear, appointments, slots, book).';

CREATE TABLE clinic.appointment_event (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	appointment bigint NOT NULL REFERENCES clinic.appointment,
	at timestamptz NOT NULL DEFAULT clinic.now(),
	actor bigint REFERENCES clinic.person,
	was clinic.appointment_state,
	state clinic.appointment_state NOT NULL,
	was_during tstzrange,
	during tstzrange NOT NULL,
	reason text CHECK (clinic.is_line(reason, 200))
);
COMMENT ON TABLE clinic.appointment_event IS
	'Every change of an appointment: who, when, from what to what, why.';
CREATE INDEX appointment_event_of ON clinic.appointment_event (appointment);
COMMENT ON INDEX clinic.appointment_event_of IS 'What happened to a visit.';
CREATE INDEX appointment_event_by_time ON clinic.appointment_event (at);
COMMENT ON INDEX clinic.appointment_event_by_time IS
	'Booked and cancelled lately (stats).';

-- The post room --------------------------------------------------------------------

CREATE TYPE clinic.delivery_outcome AS ENUM ('sent', 'dropped', 'dead');

CREATE TABLE clinic.delivery (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	stanza_id text NOT NULL UNIQUE
		DEFAULT 'd' || replace(gen_random_uuid()::text, '-', ''),
	recipient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	kind text NOT NULL CHECK (kind IN ('booked', 'moved', 'cancelled', 'reminder',
		'welcome_doctor', 'welcome_admin', 'dead_letter')),
	appointment bigint REFERENCES clinic.appointment,
	during tstzrange,
	was_during tstzrange,
	minutes_before integer CHECK (minutes_before > 0),
	reason text CHECK (clinic.is_line(reason, 200)),
	note text CHECK (length(note) <= 500),
	created_at timestamptz NOT NULL DEFAULT clinic.now(),
	next_at timestamptz NOT NULL DEFAULT clinic.now(),
	holder text CHECK (length(holder) <= 100),
	tries integer NOT NULL DEFAULT 0,
	error text CHECK (length(error) <= 200),
	outcome clinic.delivery_outcome,
	ended_at timestamptz,
	CHECK ((kind = 'reminder') = (minutes_before IS NOT NULL)),
	CHECK ((outcome IS NULL) = (ended_at IS NULL)),
	CHECK (kind NOT IN ('booked', 'moved', 'cancelled', 'reminder')
		OR appointment IS NOT NULL)
);
COMMENT ON TABLE clinic.delivery IS
	'Whatever leaves the clinic: written with its cause, sent by the post room.';
COMMENT ON COLUMN clinic.delivery.during IS
	'The visit''s time when this was written; a reminder tells the present one.';
COMMENT ON COLUMN clinic.delivery.next_at IS
	'When it is to be looked at next: it is due, its lease ends, it is tried again.';
COMMENT ON COLUMN clinic.delivery.outcome IS 'NULL: it waits.';
COMMENT ON CONSTRAINT delivery_stanza_id_key ON clinic.delivery IS
	'A message that came back (delivery_bounced).';
CREATE INDEX delivery_due ON clinic.delivery (next_at, id) WHERE outcome IS NULL;
COMMENT ON INDEX clinic.delivery_due IS
	'What is due next (deliveries_claim, deliveries_wait).';
CREATE INDEX delivery_reminders ON clinic.delivery (appointment)
	WHERE outcome IS NULL AND kind = 'reminder';
COMMENT ON INDEX clinic.delivery_reminders IS
	'A visit''s waiting reminders (book, move, cancel).';
CREATE INDEX delivery_of ON clinic.delivery (appointment);
COMMENT ON INDEX clinic.delivery_of IS 'What was sent about a visit.';
CREATE INDEX delivery_dead ON clinic.delivery (ended_at) WHERE outcome = 'dead';
COMMENT ON INDEX clinic.delivery_dead IS 'What could not be delivered (stats).';

CREATE FUNCTION clinic.delivery_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NOTIFY delivery;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.delivery_written() IS
	'Trigger: tells the post room that there is something to deliver.';
CREATE TRIGGER delivery_written AFTER INSERT ON clinic.delivery
FOR EACH STATEMENT EXECUTE FUNCTION clinic.delivery_written();
