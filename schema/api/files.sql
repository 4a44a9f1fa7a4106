-- files.sql - the record of files that people sent each other.

CREATE FUNCTION api.file_put(from_person bigint, to_person bigint, digest text,
	media_type text, name text, bytes bigint)
RETURNS TABLE (id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Puts down that a file was passed on, which the mirror has decided. The digest is
-- hexadecimal.
#variable_conflict use_column
BEGIN
	RETURN QUERY INSERT INTO file (sender, recipient, digest, media_type, name,
		bytes)
	VALUES (from_person, to_person, decode(file_put.digest, 'hex'),
		file_put.media_type, coalesce(cleaned(file_put.name, 100), 'file'),
		file_put.bytes)
	RETURNING file.id;
END $$;
COMMENT ON FUNCTION api.file_put(bigint, bigint, text, text, text, bigint) IS
	'Puts down that one person sent another a file.';

CREATE FUNCTION api.files(actor text, other bigint, from_local timestamp,
	most integer, skip integer)
RETURNS TABLE (at_local text, is_own boolean, other_name text, name text,
	bytes bigint, digest text, is_there boolean, sent_s bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The files that the asker sent and got, latest first: with one person or all (other
-- NULL), since a moment of the asker's clock (NULL: ever). Nobody else's.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	partner_id bigint := recipient_of(other); -- a child sends nothing
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	END IF;
	RETURN QUERY SELECT local_text(file.at, who.zone), file.sender = who.id,
		coalesce(CASE WHEN EXISTS (SELECT FROM doctor
				WHERE doctor.person = partner.id)
			THEN doctor_title(partner.name) ELSE partner.name END,
			'somebody who is not here any more'),
		file.name, file.bytes, encode(file.digest, 'hex'), removed_at IS NULL,
		floor(extract(epoch FROM file.at))::bigint
	FROM file LEFT JOIN person partner ON partner.id = CASE
		WHEN file.sender = who.id THEN file.recipient ELSE file.sender END
	WHERE (file.sender = who.id OR file.recipient = who.id)
		AND (partner_id IS NULL OR partner.id = partner_id)
		AND file.at >= coalesce(instant(from_local, who.zone), '-infinity')
	ORDER BY file.at DESC, file.id DESC
	LIMIT least(coalesce(most, 20), 200) OFFSET greatest(coalesce(skip, 0), 0);
END $$;
COMMENT ON FUNCTION api.files(text, bigint, timestamp, integer, integer) IS
	'The files that the asker sent and got.';

CREATE FUNCTION api.files_over(days integer, most integer)
RETURNS TABLE (digest text)
LANGUAGE sql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- Files that are so many days old, and that nobody was sent again since.
	SELECT encode(old.digest, 'hex') FROM file old
	WHERE removed_at IS NULL AND at <= clinic.now() - days * interval '1 day'
		AND NOT EXISTS (SELECT FROM file again
			WHERE again.digest = old.digest AND again.removed_at IS NULL
				AND again.at > clinic.now() - days * interval '1 day')
	GROUP BY old.digest ORDER BY min(at) LIMIT most
$$;
COMMENT ON FUNCTION api.files_over(integer, integer) IS
	'Files that are so old that they are to be removed.';

CREATE FUNCTION api.file_removed(digest text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- A file is not there any more; that it was sent stays on record, and what it was
	-- called, unless one of the two wants nothing kept.
	UPDATE file SET removed_at = clinic.now(), name = CASE
		WHEN EXISTS (SELECT FROM person WHERE person.id IN (sender, recipient)
			AND NOT may_keep(person.id)) THEN 'file' ELSE name END
	WHERE file.digest = decode(file_removed.digest, 'hex') AND removed_at IS NULL
$$;
COMMENT ON FUNCTION api.file_removed(text) IS
	'Puts down that a file was removed.';
