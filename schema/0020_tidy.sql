-- 0020_tidy.sql - what is forgotten is found without looking at the rest.

SET LOCAL search_path = clinic, pg_temp;

CREATE INDEX delivery_ended ON clinic.delivery (ended_at)
	WHERE outcome IS NOT NULL;
COMMENT ON INDEX clinic.delivery_ended IS
	'What has been over for long, to forget it (tidy).';
