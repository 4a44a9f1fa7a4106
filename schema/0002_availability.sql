-- 0002_availability.sql - first days of rules, extra openings, holidays.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.availability
	ADD COLUMN first_day date NOT NULL DEFAULT '2024-01-01';
COMMENT ON COLUMN clinic.availability.first_day IS
	'Where the rule begins (DTSTART): "every other week" is counted from here.';

ALTER TABLE clinic.doctor
	ADD COLUMN rules_version bigint NOT NULL DEFAULT 0,
	ADD COLUMN expanding_until timestamptz;
COMMENT ON COLUMN clinic.doctor.rules_version IS
	'Grows when her rules or their zone change: what was expanded before is void.';
COMMENT ON COLUMN clinic.doctor.expanding_until IS
	'A bot expands her rules; another may when this has passed. NULL: nobody does.';

ALTER TABLE clinic.opening ADD COLUMN is_extra boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN clinic.opening.is_extra IS
	'Whether it comes from an extra opening and not from a rule.';

CREATE TABLE clinic.extra_opening (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint NOT NULL REFERENCES clinic.doctor ON DELETE CASCADE,
	during tstzrange NOT NULL
		CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
			AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL
			AND upper(during) - lower(during) <= interval '24 hours'),
	CONSTRAINT extra_opening_once EXCLUDE USING gist (doctor WITH =, during WITH &&)
);
COMMENT ON TABLE clinic.extra_opening IS
	'When a doctor works once although no rule of hers says so.';
COMMENT ON CONSTRAINT extra_opening_once ON clinic.extra_opening IS
	'A doctor''s extra openings in a window (also, openings_put).';

CREATE TABLE clinic.holiday (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	during tstzrange NOT NULL
		CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
			AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL),
	CONSTRAINT holiday_once EXCLUDE USING gist (during WITH &&)
);
COMMENT ON TABLE clinic.holiday IS
	'When the clinic is closed and nobody can be booked.';
COMMENT ON CONSTRAINT holiday_once ON clinic.holiday IS
	'When the clinic is closed in a window (slots, doctors, book, holidays).';
