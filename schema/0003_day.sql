-- 0003_day.sql - the day of a doctor: begun visits, delays, no-shows, history.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.appointment
	ADD COLUMN started_at timestamptz,
	ADD CONSTRAINT appointment_started
		CHECK (started_at IS NULL OR state IN ('arrived', 'fulfilled'));
COMMENT ON COLUMN clinic.appointment.started_at IS
	'When the doctor called the patient in; NULL: not yet, or nobody said.';

-- Arrived to arrived: the visit begins. Staff may mend what they noted.
INSERT INTO clinic.appointment_transition (was, becomes) VALUES
	('arrived', 'arrived'), ('arrived', 'noshow'), ('noshow', 'fulfilled');

CREATE INDEX appointment_of_doctor
	ON clinic.appointment (doctor, lower(during));
COMMENT ON INDEX clinic.appointment_of_doctor IS
	'A doctor''s visits of a day in any state (day, patients).';
CREATE INDEX appointment_of_patient
	ON clinic.appointment (patient, lower(during));
COMMENT ON INDEX clinic.appointment_of_patient IS
	'A patient''s visits in any state, latest first (history).';
CREATE INDEX appointment_missed ON clinic.appointment (patient)
	WHERE state = 'noshow';
COMMENT ON INDEX clinic.appointment_missed IS
	'The visits that a patient missed, to count them (missed_count).';

CREATE TABLE clinic.delay (
	appointment bigint PRIMARY KEY REFERENCES clinic.appointment ON DELETE CASCADE,
	during tstzrange NOT NULL,
	minutes integer NOT NULL CHECK (minutes BETWEEN 0 AND 480),
	told_at timestamptz NOT NULL DEFAULT clinic.now()
);
COMMENT ON TABLE clinic.delay IS
	'How much later than booked a visit will begin, as its patient was told last.';
COMMENT ON COLUMN clinic.delay.during IS
	'The visit''s time then: a visit that has moved since is not late.';

-- Two more kinds, whatever kinds there are by now.
DO $$
DECLARE
	kinds text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint
		WHERE conrelid = 'clinic.delivery'::regclass
			AND conname = 'delivery_kind_check');
BEGIN
	ALTER TABLE clinic.delivery DROP CONSTRAINT delivery_kind_check;
	EXECUTE 'ALTER TABLE clinic.delivery ADD CONSTRAINT delivery_kind_check '
		|| replace(kinds, 'ARRAY[', 'ARRAY[''late''::text, ''on_time''::text, ');
END $$;
ALTER TABLE clinic.delivery ADD CONSTRAINT delivery_late
	CHECK (kind NOT IN ('late', 'on_time') OR (appointment IS NOT NULL
		AND during IS NOT NULL AND was_during IS NOT NULL));
COMMENT ON COLUMN clinic.delivery.was_during IS
	'The time before: the visit was moved, or begins later than booked.';
