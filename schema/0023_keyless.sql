-- 0023_keyless.sql - who was told today that what is encrypted does not pass.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.talk
	ADD is_doctor_keyless boolean NOT NULL DEFAULT false,
	ADD is_patient_keyless boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN clinic.talk.is_doctor_keyless IS
	'The doctor was told that day that her encrypted messages do not pass.';
COMMENT ON COLUMN clinic.talk.is_patient_keyless IS
	'The patient was told that day that their encrypted messages do not pass.';
