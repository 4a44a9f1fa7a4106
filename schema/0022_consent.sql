-- 0022_consent.sql - what somebody said to keeping their messages, and when.

SET LOCAL search_path = clinic, pg_temp;

CREATE TABLE clinic.consent (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	at timestamptz NOT NULL DEFAULT clinic.now(),
	keeps_messages boolean NOT NULL,
	way text NOT NULL CHECK (way IN ('registration', 'privacy', 'told')),
	asked text CHECK (length(asked) <= 1000),
	CHECK (keeps_messages OR way <> 'told')
);
COMMENT ON TABLE clinic.consent IS
	'Each time that somebody said whether their messages may be kept. A child has no '
	'account and writes nothing: its guardian''s answer counts.';
COMMENT ON COLUMN clinic.consent.way IS
	'Asked when registering; the command "privacy"; told, and nothing said against it.';
COMMENT ON COLUMN clinic.consent.asked IS
	'The question, in the words in which it was asked. NULL: it was not a question.';
CREATE INDEX consent_of ON clinic.consent (person, id);
COMMENT ON INDEX clinic.consent_of IS 'What somebody said last (privacy).';
