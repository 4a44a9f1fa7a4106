-- 0024_agreed.sql - who agreed to be seen, not only who was asked.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.contact
	ADD doctor_agreed_at timestamptz,
	ADD patient_agreed_at timestamptz;
COMMENT ON COLUMN clinic.contact.doctor_agreed_at IS
	'When the doctor let the patient''s address see whether she is there.';
COMMENT ON COLUMN clinic.contact.patient_agreed_at IS
	'When the patient let the doctor''s address see whether they are there.';
-- It was taken for agreed until now.
UPDATE clinic.contact
SET doctor_agreed_at = doctor_asked_at, patient_agreed_at = patient_asked_at
WHERE num_nonnulls(doctor_asked_at, patient_asked_at) > 0;
