-- 0010_files.sql - the files that patients and doctors sent each other.

SET LOCAL search_path = clinic, pg_temp;

CREATE TABLE clinic.file (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sender bigint REFERENCES clinic.person ON DELETE SET NULL,
	recipient bigint REFERENCES clinic.person ON DELETE SET NULL,
	at timestamptz NOT NULL DEFAULT clinic.now(),
	digest bytea NOT NULL CHECK (length(digest) = 32),
	media_type text NOT NULL CHECK (clinic.is_line(media_type, 100)),
	name text NOT NULL CHECK (clinic.is_line(name, 100)),
	bytes bigint NOT NULL CHECK (bytes > 0),
	removed_at timestamptz,
	CHECK (removed_at >= at)
);
COMMENT ON TABLE clinic.file IS
	'The record of a file that one person sent to another. The file itself lies in '
	'the bot''s folder, under its digest.';
COMMENT ON COLUMN clinic.file.sender IS 'NULL: whoever it was is not here any more.';
COMMENT ON COLUMN clinic.file.digest IS
	'The SHA-256 of its content: two rows may speak of the same file.';
COMMENT ON COLUMN clinic.file.removed_at IS
	'When the file itself was removed. NULL: it is there.';
CREATE INDEX file_kept ON clinic.file (at) WHERE removed_at IS NULL;
COMMENT ON INDEX clinic.file_kept IS 'What is old enough to be removed (files_over).';
CREATE INDEX file_by_digest ON clinic.file (digest) WHERE removed_at IS NULL;
COMMENT ON INDEX clinic.file_by_digest IS
	'Who else was sent the same file (files_over, file_removed).';
CREATE INDEX file_sender ON clinic.file (sender);
COMMENT ON INDEX clinic.file_sender IS 'What somebody sent (files).';
CREATE INDEX file_recipient ON clinic.file (recipient);
COMMENT ON INDEX clinic.file_recipient IS 'What somebody got (files).';
