-- 0005_visits.sql - visit types, buffers, rooms, holds, series, dependants.

SET LOCAL search_path = clinic, pg_temp;

-- Visit types ------------------------------------------------------------------

CREATE TABLE clinic.visit_type (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint REFERENCES clinic.doctor ON DELETE CASCADE,
	specialty bigint REFERENCES clinic.specialty ON DELETE CASCADE,
	name text NOT NULL CHECK (clinic.is_line(name, 60)),
	plain text NOT NULL GENERATED ALWAYS AS (clinic.plain(name)) STORED,
	minutes integer NOT NULL DEFAULT 20 CHECK (minutes BETWEEN 5 AND 480),
	fee numeric(9, 2) NOT NULL DEFAULT 0 CHECK (fee >= 0),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	is_video boolean NOT NULL DEFAULT false,
	before_minutes integer NOT NULL DEFAULT 0
		CHECK (before_minutes BETWEEN 0 AND 240),
	after_minutes integer NOT NULL DEFAULT 0
		CHECK (after_minutes BETWEEN 0 AND 240),
	notice_minutes integer NOT NULL DEFAULT 0
		CHECK (notice_minutes BETWEEN 0 AND 525600),
	ahead_days integer CHECK (ahead_days BETWEEN 1 AND 730),
	most_per_day integer CHECK (most_per_day BETWEEN 1 AND 200),
	cancel_minutes integer NOT NULL DEFAULT 0
		CHECK (cancel_minutes BETWEEN 0 AND 525600),
	move_minutes integer NOT NULL DEFAULT 0
		CHECK (move_minutes BETWEEN 0 AND 525600),
	needs text[] NOT NULL DEFAULT '{}' CHECK (cardinality(needs) <= 5),
	is_active boolean NOT NULL DEFAULT true,
	CHECK (num_nonnulls(doctor, specialty) = 1)
);
COMMENT ON TABLE clinic.visit_type IS
	'What a patient can come for: a doctor''s own types, and a specialty''s, which '
	'hold for its doctors who have none of that name themselves.';
COMMENT ON COLUMN clinic.visit_type.before_minutes IS
	'Buffer: nobody else is seen so long before it (after_minutes: after it).';
COMMENT ON COLUMN clinic.visit_type.notice_minutes IS
	'A patient books at least so long before it.';
COMMENT ON COLUMN clinic.visit_type.ahead_days IS
	'A patient books at most so many days ahead; NULL: as far as there are openings.';
COMMENT ON COLUMN clinic.visit_type.most_per_day IS
	'A doctor has at most so many on one day; NULL: any number.';
COMMENT ON COLUMN clinic.visit_type.cancel_minutes IS
	'A patient cancels at least so long before it (move_minutes: moves).';
COMMENT ON COLUMN clinic.visit_type.needs IS
	'The kinds of rooms and equipment (resource.kind) that it takes one of each.';
CREATE UNIQUE INDEX visit_type_of_doctor ON clinic.visit_type (doctor, plain)
	WHERE is_active AND doctor IS NOT NULL;
COMMENT ON INDEX clinic.visit_type_of_doctor IS
	'A doctor''s own types; a name once (types_of).';
CREATE UNIQUE INDEX visit_type_of_specialty ON clinic.visit_type (specialty, plain)
	WHERE is_active AND specialty IS NOT NULL;
COMMENT ON INDEX clinic.visit_type_of_specialty IS
	'A specialty''s types; a name once (types_of).';

INSERT INTO clinic.visit_type (doctor, name, minutes, fee, currency)
SELECT person, 'Visit', minutes, fee, currency FROM clinic.doctor ORDER BY person;

ALTER TABLE clinic.doctor
	DROP COLUMN fee,
	DROP COLUMN currency,
	ADD COLUMN last_booked_at timestamptz,
	ADD COLUMN approves boolean NOT NULL DEFAULT false,
	ADD COLUMN approve_minutes integer NOT NULL DEFAULT 1440
		CHECK (approve_minutes BETWEEN 5 AND 43200);
COMMENT ON COLUMN clinic.doctor.minutes IS
	'Her grid: visits start so many minutes apart, shorter ones closer together.';
COMMENT ON COLUMN clinic.doctor.last_booked_at IS
	'When somebody booked her last: of two who are free, who waited longer is next.';
COMMENT ON COLUMN clinic.doctor.approves IS
	'Whether patients ask for a visit, and she says yes or no.';
COMMENT ON COLUMN clinic.doctor.approve_minutes IS
	'How long she has to answer; then the request is over.';

-- Rooms and equipment ----------------------------------------------------------

CREATE TABLE clinic.resource (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL CHECK (clinic.is_line(name, 60)),
	plain text NOT NULL GENERATED ALWAYS AS (clinic.plain(name)) STORED,
	kind text NOT NULL GENERATED ALWAYS AS
		(regexp_replace(clinic.plain(name), '[ #.-]*[0-9]+$', '')) STORED
		CHECK (kind <> ''),
	is_active boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE clinic.resource IS
	'A room or a piece of equipment that one visit at a time can have.';
COMMENT ON COLUMN clinic.resource.kind IS
	'The name without its number: "ECG 1" and "ECG 2" are both an "ecg".';
CREATE UNIQUE INDEX resource_name ON clinic.resource (plain) WHERE is_active;
COMMENT ON INDEX clinic.resource_name IS 'A room by its name; a name once.';
CREATE INDEX resource_kind ON clinic.resource (kind) WHERE is_active;
COMMENT ON INDEX clinic.resource_kind IS
	'Every room of a kind (rooms_are_free, rooms_take).';

CREATE TABLE clinic.appointment_resource (
	appointment bigint NOT NULL REFERENCES clinic.appointment ON DELETE CASCADE,
	resource bigint NOT NULL REFERENCES clinic.resource,
	blocked tstzrange NOT NULL,
	PRIMARY KEY (appointment, resource),
	CONSTRAINT resource_once EXCLUDE USING gist (resource WITH =, blocked WITH &&)
);
COMMENT ON TABLE clinic.appointment_resource IS
	'Which rooms a visit has; no row when it is cancelled or nobody came.';
COMMENT ON CONSTRAINT resource_once ON clinic.appointment_resource IS
	'A room''s visits in a window (rooms_are_free, rooms_take).';

-- Dependants -------------------------------------------------------------------

ALTER TABLE clinic.person
	ADD COLUMN guardian bigint REFERENCES clinic.person,
	ADD CHECK (guardian IS NULL OR (jid IS NULL AND guardian <> id));
COMMENT ON COLUMN clinic.person.guardian IS
	'Who acts for a dependant without an account, and is told in their place.';
CREATE INDEX person_guardian ON clinic.person (guardian)
	WHERE guardian IS NOT NULL;
COMMENT ON INDEX clinic.person_guardian IS
	'Somebody''s dependants (children, appointments, hear).';

-- Appointments -----------------------------------------------------------------

ALTER TABLE clinic.appointment RENAME COLUMN held_until TO expires_at;
ALTER TABLE clinic.appointment
	DROP CONSTRAINT appointment_check1, -- the two states that end by themselves
	ADD CHECK ((state IN ('held', 'requested')) = (expires_at IS NOT NULL)),
	ADD COLUMN visit_type bigint REFERENCES clinic.visit_type,
	ADD COLUMN is_video boolean NOT NULL DEFAULT false,
	ADD COLUMN is_offer boolean NOT NULL DEFAULT false,
	ADD COLUMN series bigint REFERENCES clinic.appointment,
	ADD COLUMN blocked tstzrange
		CHECK (state IN ('held', 'cancelled') OR blocked @> during),
	ADD COLUMN is_planned boolean NOT NULL GENERATED ALWAYS AS
		(state IN ('requested', 'booked', 'arrived')) STORED;
UPDATE clinic.appointment SET blocked = during, visit_type =
	(SELECT id FROM clinic.visit_type
		WHERE visit_type.doctor = appointment.doctor);
ALTER TABLE clinic.appointment
	ALTER COLUMN visit_type SET NOT NULL,
	ALTER COLUMN blocked SET NOT NULL,
	DROP CONSTRAINT appointment_doctor_once,
	DROP CONSTRAINT appointment_patient_once,
	ADD CONSTRAINT appointment_doctor_once
		EXCLUDE USING gist (doctor WITH =, blocked WITH &&) WHERE (is_live),
	ADD CONSTRAINT appointment_patient_once
		EXCLUDE USING gist (patient WITH =, during WITH &&) WHERE (is_planned);
COMMENT ON COLUMN clinic.appointment.expires_at IS
	'When a hold or a request ends by itself.';
COMMENT ON COLUMN clinic.appointment.is_live IS 'Whether it takes the doctor''s time.';
COMMENT ON COLUMN clinic.appointment.is_planned IS
	'Whether it takes the patient''s time: a hold does not.';
COMMENT ON COLUMN clinic.appointment.is_offer IS
	'A hold that was offered to somebody: it stands until the offer is ended.';
COMMENT ON COLUMN clinic.appointment.series IS
	'The first visit of the series that it was booked in; NULL: it was alone.';
COMMENT ON COLUMN clinic.appointment.blocked IS
	'What it takes of the doctor''s time: with the buffers of its type; of a hold '
	'to move a visit, what that visit does not take already.';
COMMENT ON CONSTRAINT appointment_doctor_once ON clinic.appointment IS
	'A doctor''s live visits in a window (free_starts, slot_check, why_not).';
COMMENT ON CONSTRAINT appointment_patient_once ON clinic.appointment IS
	'A patient''s planned visits in a window (hear, appointments, slot_check).';
CREATE INDEX appointment_holds ON clinic.appointment (booked_by)
	WHERE state = 'held';
COMMENT ON INDEX clinic.appointment_holds IS 'What somebody holds (holds_end).';
CREATE INDEX appointment_ending ON clinic.appointment (expires_at)
	WHERE expires_at IS NOT NULL;
COMMENT ON INDEX clinic.appointment_ending IS
	'Holds and requests whose time is over (the post room).';
CREATE INDEX appointment_series ON clinic.appointment (series)
	WHERE series IS NOT NULL;
COMMENT ON INDEX clinic.appointment_series IS 'The visits of a series.';

INSERT INTO clinic.appointment_transition (was, becomes) VALUES
	('requested', 'requested');

ALTER TABLE clinic.clinic
	ADD COLUMN hold_minutes integer NOT NULL DEFAULT 3
		CHECK (hold_minutes BETWEEN 1 AND 60),
	ADD COLUMN missed_limit integer NOT NULL DEFAULT 3
		CHECK (missed_limit BETWEEN 0 AND 100);
COMMENT ON COLUMN clinic.clinic.hold_minutes IS
	'How long a time is held while its patient is asked whether to book it.';
COMMENT ON COLUMN clinic.clinic.missed_limit IS
	'Who missed so many visits needs the doctor''s approval to book; 0: nobody.';

-- What a wish for a visit knows --------------------------------------------------

ALTER TYPE clinic.wish
	ADD ATTRIBUTE asker bigint,
	ADD ATTRIBUTE patient bigint,
	ADD ATTRIBUTE visit_type text,
	ADD ATTRIBUTE moving bigint,
	ADD ATTRIBUTE moving_type bigint,
	ADD ATTRIBUTE is_staff boolean;
COMMENT ON TYPE clinic.wish IS
	'When somebody wishes to come: in a span of time, at [from, to) by the clock of '
	'a zone (NULL: any time), but not when that clock shows a time again. Who asks, '
	'for which patient; for a type of visit by its plain name (NULL: the usual one), '
	'or moving a visit, which is in nobody''s way, with its type. Staff need not '
	'keep notice.';

CREATE TYPE clinic.said AS (
	code text, doctor bigint, doctor_name text, patient bigint, patient_name text,
	starts_at text, starts text, ends text, zone text, fee text, currency text,
	reminders text, state text, visit_type text, is_video boolean,
	is_again boolean, was_starts text
);
COMMENT ON TYPE clinic.said IS
	'What is said of a visit that was booked, moved or cancelled: times in "zone"; '
	'the minutes before at which the patient will be reminded; is_again: that was '
	'so already, the same was asked twice; was_starts: when it was moved from.';
