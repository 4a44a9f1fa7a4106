-- 0015_openings.sql - a doctor's openings by their begin.

SET LOCAL search_path = clinic, pg_temp;

-- Those of a rule are within a day and overlapping ones become one; an hour more
-- or less when clocks change.
ALTER TABLE clinic.opening ADD CONSTRAINT opening_length
	CHECK (upper(during) - lower(during) <= interval '2 days');
CREATE INDEX opening_of_doctor ON clinic.opening (doctor, lower(during))
	INCLUDE (during);
COMMENT ON INDEX clinic.opening_of_doctor IS
	'A doctor''s openings in a window that has a begin and an end (openings_in).';
COMMENT ON CONSTRAINT opening_once ON clinic.opening IS
	'A doctor''s openings overlap nowhere; those at some time (slot_check, why_not).';
