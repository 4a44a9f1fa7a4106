-- 0009_calls.sql - calls between doctors and patients, and where video visits meet.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.clinic
	ADD call_before_minutes integer NOT NULL DEFAULT 10
		CHECK (call_before_minutes BETWEEN 0 AND 1440),
	ADD call_after_minutes integer NOT NULL DEFAULT 15
		CHECK (call_after_minutes BETWEEN 0 AND 1440),
	ADD call_back_minutes integer NOT NULL DEFAULT 60
		CHECK (call_back_minutes BETWEEN 0 AND 10080),
	ADD hides_ip boolean NOT NULL DEFAULT false,
	ADD meeting_url text
		CHECK (clinic.is_line(meeting_url, 300) AND meeting_url ~ '\{room\}');
COMMENT ON COLUMN clinic.clinic.call_before_minutes IS
	'How long before a video visit its patient may call the doctor '
	'(call_after_minutes: after it).';
COMMENT ON COLUMN clinic.clinic.call_back_minutes IS
	'How long after a doctor''s call the patient may call back.';
COMMENT ON COLUMN clinic.clinic.hides_ip IS
	'Whether calls go through relays only, so that nobody learns another''s IP '
	'address, unless somebody wished otherwise.';
COMMENT ON COLUMN clinic.clinic.meeting_url IS
	'Where a video visit meets when an app cannot call: {room} is different for '
	'each visit. NULL: nowhere.';

ALTER TABLE clinic.person ADD hides_ip boolean;
COMMENT ON COLUMN clinic.person.hides_ip IS
	'Whether this person''s calls go through relays only. NULL: as the clinic does.';

-- Calls ------------------------------------------------------------------------

CREATE TYPE clinic.call_ending AS ENUM
	('hung_up', 'declined', 'busy', 'missed', 'offline', 'refused', 'failed');

CREATE TABLE clinic.call (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	patient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	is_doctors boolean NOT NULL,
	sid text NOT NULL CHECK (length(sid) BETWEEN 1 AND 1023),
	is_video boolean NOT NULL,
	appointment bigint REFERENCES clinic.appointment ON DELETE SET NULL,
	begun_at timestamptz NOT NULL,
	rang_at timestamptz,
	answered_at timestamptz,
	ended_at timestamptz,
	ending clinic.call_ending,
	UNIQUE (doctor, patient, is_doctors, sid),
	CHECK ((ended_at IS NULL) = (ending IS NULL)),
	CHECK (ended_at >= answered_at)
);
COMMENT ON TABLE clinic.call IS
	'Calls between a doctor and a patient: who called, when it rang, was answered '
	'and ended, and why. What was said nobody hears.';
COMMENT ON COLUMN clinic.call.is_doctors IS 'The doctor called.';
COMMENT ON COLUMN clinic.call.sid IS 'The session''s id, as the caller''s app made it.';
COMMENT ON COLUMN clinic.call.appointment IS 'The video visit that it was for.';
COMMENT ON COLUMN clinic.call.ending IS
	'NULL: it is under way. failed: an app or the network gave up.';
COMMENT ON CONSTRAINT call_doctor_patient_is_doctors_sid_key ON clinic.call IS
	'A call by its session (call_put, call_ask); a pair''s calls.';
CREATE INDEX call_of_pair ON clinic.call (patient, doctor, begun_at);
COMMENT ON INDEX clinic.call_of_pair IS
	'Whether the doctor called lately (call_ask); a patient''s calls.';
CREATE INDEX call_of_visit ON clinic.call (appointment) WHERE appointment IS NOT NULL;
COMMENT ON INDEX clinic.call_of_visit IS 'The calls of a visit (call_now_sift).';
CREATE INDEX call_open ON clinic.call (begun_at) WHERE ended_at IS NULL;
COMMENT ON INDEX clinic.call_open IS 'Calls whose end nobody told (calls_close).';

-- Where video visits meet --------------------------------------------------------

CREATE TABLE clinic.meeting (
	appointment bigint PRIMARY KEY REFERENCES clinic.appointment ON DELETE CASCADE,
	room text NOT NULL UNIQUE
		DEFAULT replace(gen_random_uuid()::text, '-', '')
		CHECK (room ~ '^[0-9a-f]{32}$')
);
COMMENT ON TABLE clinic.meeting IS
	'The room of a video visit, which nobody can guess: one for each visit.';
COMMENT ON CONSTRAINT meeting_room_key ON clinic.meeting IS 'No two visits share one.';

-- What is told of calls ------------------------------------------------------------

ALTER TABLE clinic.delivery
	ADD call bigint REFERENCES clinic.call ON DELETE CASCADE;
COMMENT ON COLUMN clinic.delivery.call IS 'The call that was missed.';
DO $$
DECLARE
	kinds text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint
		WHERE conrelid = 'clinic.delivery'::regclass
			AND conname = 'delivery_kind_check');
BEGIN
	ALTER TABLE clinic.delivery DROP CONSTRAINT delivery_kind_check;
	EXECUTE 'ALTER TABLE clinic.delivery ADD CONSTRAINT delivery_kind_check '
		|| replace(kinds, 'ARRAY[', 'ARRAY[''call_now''::text, '
			'''missed_call''::text, ''visit_over''::text, ');
END $$;
ALTER TABLE clinic.delivery ADD CONSTRAINT delivery_calls
	CHECK ((kind NOT IN ('call_now', 'visit_over') OR appointment IS NOT NULL)
		AND (kind = 'missed_call') = (call IS NOT NULL));
CREATE UNIQUE INDEX delivery_call_now_once
	ON clinic.delivery (appointment, recipient, during) WHERE kind = 'call_now';
COMMENT ON INDEX clinic.delivery_call_now_once IS
	'Somebody is told once to call for a visit, for each time that it had.';
CREATE UNIQUE INDEX delivery_visit_over_once
	ON clinic.delivery (appointment, recipient) WHERE kind = 'visit_over';
COMMENT ON INDEX clinic.delivery_visit_over_once IS
	'Somebody is told once that a visit is over.';
CREATE UNIQUE INDEX delivery_missed_once ON clinic.delivery (call)
	WHERE kind = 'missed_call';
COMMENT ON INDEX clinic.delivery_missed_once IS
	'Somebody is told once that they missed a call.';

CREATE TRIGGER book_hides_changed AFTER UPDATE OF hides_ip ON clinic.person
FOR EACH ROW EXECUTE FUNCTION clinic.book_person_changed('id');
CREATE TRIGGER book_hides_changed AFTER UPDATE OF hides_ip ON clinic.clinic
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_changed('all');
