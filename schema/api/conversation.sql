-- conversation.sql - who writes, and the form that they are filling in.

CREATE FUNCTION api.hear(actor text, session text)
RETURNS TABLE (person bigint, name text, roles text, zone text,
	is_clinic_zone boolean, clinic_name text, clinic_zone text, currency text,
	language text, now_local text, form text, appointment_count integer,
	spoken_id bigint, spoken_topic text, spoken_codes text,
	spoken_visit text, dependant_count integer, keeps_messages boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- Everything that the desk needs to know about who writes: always one row.
-- spoken: the message that they got last and can answer with "yes", what it was
-- about ('reminder', 'request' or 'offer'), the codes of its visits, and of the one
-- that "cancel" and "move" mean then.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
	who person;
	open conversation;
	spoken record;
BEGIN
	SELECT * INTO who FROM person WHERE person.jid = actor;
	SELECT * INTO open FROM conversation
	WHERE conversation.jid = actor
		AND conversation.session = coalesce(hear.session, '')
		AND updated_at > at_now - interval '24 hours';
	SELECT * INTO spoken FROM spoken_of(who.id, open.updated_at)
	WHERE who.id IS NOT NULL AND coalesce(hear.session, '') = '';
	RETURN QUERY SELECT who.id, who.name,
		CASE WHEN who.id IS NULL THEN '' ELSE roles_text(who.id) END,
		coalesce(who.zone, clinic.zone), coalesce(who.zone = clinic.zone, true),
		clinic.name, clinic.zone, clinic.currency,
		coalesce(who.language, clinic.language),
		local_text(at_now, coalesce(who.zone, clinic.zone)),
		open.form::text,
		(SELECT count(*)::integer
			FROM (SELECT who.id UNION ALL SELECT person.id FROM person
					WHERE guardian = who.id) mine (id)
				JOIN appointment ON appointment.patient = mine.id
			WHERE during && tstzrange(at_now, NULL) AND is_planned),
		spoken.message, spoken.topic, spoken.codes, spoken.visit,
		CASE WHEN who.id IS NULL THEN 0
			ELSE (SELECT count(*)::integer FROM dependants(who.id)) END,
		clinic.keeps_messages
	FROM clinic;
END $$;
COMMENT ON FUNCTION api.hear(text, text) IS
	'Who writes, in which zone and language, and which form is open.';

CREATE FUNCTION api.form_save(actor text, session text, form jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Remembers the form that somebody is filling in; NULL forgets it. One address
-- has at most ten sessions besides the chat: the oldest goes.
#variable_conflict use_column
BEGIN
	IF length(form_save.form::text) > 65536 OR length(form_save.session) > 200
		OR NOT is_line(actor, 2047)
	THEN
		RAISE EXCEPTION 'that is too much for one form' USING ERRCODE = 'CL001';
	ELSIF form_save.form IS NULL THEN
		DELETE FROM conversation
		WHERE jid = actor AND session = coalesce(form_save.session, '');
	ELSE
		INSERT INTO conversation (jid, session, form)
		VALUES (actor, coalesce(form_save.session, ''), form_save.form)
		ON CONFLICT (jid, session) DO UPDATE
		SET form = excluded.form, updated_at = clinic.now();
		DELETE FROM conversation WHERE ctid IN (SELECT ctid FROM conversation
			WHERE jid = actor AND session <> ''
			ORDER BY updated_at DESC, session OFFSET 10 FOR UPDATE SKIP LOCKED);
	END IF;
	DELETE FROM conversation WHERE ctid IN (SELECT ctid FROM conversation
		WHERE updated_at < clinic.now() - interval '24 hours'
		ORDER BY updated_at LIMIT 10 FOR UPDATE SKIP LOCKED);
END $$;
COMMENT ON FUNCTION api.form_save(text, text, jsonb) IS
	'Remembers or forgets the form that somebody is filling in.';

CREATE FUNCTION api.spoken_left(actor text, message bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Who was told something has gone on to something else: "yes" means no longer that
-- message, or one before it.
BEGIN
	UPDATE delivery SET is_answered = true
	FROM person, delivery last
	WHERE person.jid = actor AND delivery.recipient = person.id
		AND last.id = message AND last.recipient = person.id
		AND delivery.kind IN ('reminder', 'requested', 'request_moved', 'offer',
			'away_offer')
		AND delivery.claimed_at > clinic.now() - interval '26 hours'
		AND delivery.claimed_at <= last.claimed_at AND NOT delivery.is_answered;
END $$;
COMMENT ON FUNCTION api.spoken_left(text, bigint) IS
	'Who was told something has gone on to something else.';

CREATE FUNCTION api.refused(actor text, command text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Remembers that somebody asked for a command that they may not use.
BEGIN
	PERFORM audit_put(coalesce(actor, ''), 'refused', cleaned(command, 100));
END $$;
COMMENT ON FUNCTION api.refused(text, text) IS
	'Remembers that somebody was refused a command.';
