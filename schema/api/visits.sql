-- visits.sql - the types of visit that doctors and specialties have, and rooms.

CREATE FUNCTION api.visit_types(actor text, of_doctor bigint, of_specialty bigint)
RETURNS TABLE (name text, minutes integer, fee text, currency text,
	is_video boolean, before_minutes integer, after_minutes integer,
	notice_minutes integer, ahead_days integer, most_per_day integer,
	cancel_minutes integer, move_minutes integer, needs text, owner text,
	is_usual boolean, doctor bigint, specialty bigint, owners integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What one can come for: to a doctor, her usual type first; to the doctors of a
-- specialty, or to anybody, each name once, as the first doctor has it, and how
-- many doctors and specialties have one of that name. An admin who asks for all of
-- them gets each with its owner.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	is_list boolean := of_doctor IS NULL AND of_specialty IS NULL
		AND has_role(who.id, 'admin');
BEGIN
	RETURN QUERY WITH found AS (
		SELECT type.*, doctor.person AS at_doctor,
			type.id = (SELECT usual.id
				FROM chosen_type(doctor.person, NULL, NULL) usual) AS is_usual
		FROM doctor CROSS JOIN LATERAL types_of(doctor.person) type
		WHERE doctor.is_active AND NOT is_list
			AND (of_doctor IS NULL OR doctor.person = of_doctor)
			AND (of_specialty IS NULL OR EXISTS (SELECT FROM doctor_specialty
				WHERE doctor_specialty.doctor = doctor.person
					AND doctor_specialty.specialty = of_specialty))
		UNION ALL SELECT type.*, NULL, false FROM visit_type type
		WHERE is_list AND type.is_active),
	shared AS (
		SELECT found.plain, count(DISTINCT (found.doctor, found.specialty))::integer
			AS owners
		FROM found GROUP BY found.plain)
	SELECT one.name, one.minutes, fee_text(one.fee), one.currency, one.is_video,
		one.before_minutes, one.after_minutes, one.notice_minutes, one.ahead_days,
		one.most_per_day, one.cancel_minutes, one.move_minutes,
		array_to_string(one.needs, ', '),
		coalesce(doctor_title(person.name), specialty.name), one.is_usual,
		one.doctor, one.specialty, shared.owners
	FROM (SELECT DISTINCT ON (plain, CASE WHEN is_list THEN id END) *
		FROM found
		ORDER BY plain, CASE WHEN is_list THEN id END, found.is_usual DESC, id) one
		JOIN shared USING (plain)
		LEFT JOIN person ON person.id = one.doctor
		LEFT JOIN specialty ON specialty.id = one.specialty
	ORDER BY CASE WHEN is_list THEN coalesce(person.name, '') END,
		CASE WHEN is_list THEN specialty.name END, one.is_usual DESC, one.id;
END $$;
COMMENT ON FUNCTION api.visit_types(text, bigint, bigint) IS
	'What one can come for.';

CREATE FUNCTION api.visit_type_set(actor text, of_doctor bigint,
	of_specialty bigint, type_name text, settings jsonb)
RETURNS TABLE (name text, is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Creates or changes a type of visit of a doctor (she herself and admins may) or
-- of a specialty (admins). The settings that are given are set; the others keep
-- what they were, or are nothing for a new type: minutes, fee, currency, video,
-- before, after, notice, cancel, move (minutes), ahead (days), most (a day), needs
-- (kinds of rooms, comma separated). Visits that are booked stay as they are.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	read_as text := read_name(type_name, 'a visit''s name');
	old visit_type;
	made visit_type;
	missing text;
BEGIN
	PERFORM type_owner_check(who.id, of_doctor, of_specialty);
	IF length(read_as) > 60 THEN
		RAISE EXCEPTION 'a visit''s name has at most 60 characters'
			USING ERRCODE = 'CL001';
	END IF;
	SELECT * INTO old FROM visit_type
	WHERE is_active AND plain = plain(read_as)
		AND (doctor = of_doctor OR specialty = of_specialty) FOR UPDATE;
	-- Who types a name in small letters only names it.
	read_as := CASE WHEN old.id IS NOT NULL AND read_as = lower(read_as)
		THEN old.name ELSE upper(left(read_as, 1)) || substr(read_as, 2) END;
	made := type_read(old, settings);
	SELECT string_agg(quoted(kind), ', ') INTO missing FROM unnest(made.needs) kind
	WHERE NOT EXISTS (SELECT FROM resource
		WHERE resource.kind = kind.kind AND is_active);
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'there is no room %, see "rooms"', missing
			USING ERRCODE = 'CL003';
	END IF;
	IF old.id IS NULL THEN
		INSERT INTO visit_type (doctor, specialty, name, minutes, fee, currency,
			is_video, before_minutes, after_minutes, notice_minutes, ahead_days,
			most_per_day, cancel_minutes, move_minutes, needs)
		VALUES (of_doctor, of_specialty, read_as, made.minutes, made.fee,
			made.currency, made.is_video, made.before_minutes, made.after_minutes,
			made.notice_minutes, made.ahead_days, made.most_per_day,
			made.cancel_minutes, made.move_minutes, made.needs);
	ELSE
		UPDATE visit_type SET name = read_as, minutes = made.minutes,
			fee = made.fee, currency = made.currency, is_video = made.is_video,
			before_minutes = made.before_minutes,
			after_minutes = made.after_minutes,
			notice_minutes = made.notice_minutes, ahead_days = made.ahead_days,
			most_per_day = made.most_per_day,
			cancel_minutes = made.cancel_minutes,
			move_minutes = made.move_minutes, needs = made.needs
		WHERE id = old.id;
	END IF;
	PERFORM audit_put(actor, 'visit type', read_as);
	RETURN QUERY SELECT read_as, old.id IS NULL;
END $$;
COMMENT ON FUNCTION api.visit_type_set(text, bigint, bigint, text, jsonb) IS
	'Creates or changes a type of visit.';

CREATE FUNCTION api.visit_type_remove(actor text, of_doctor bigint,
	of_specialty bigint, type_name text) RETURNS TABLE (name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes a type of visit away: nobody can book it any more; what is booked stays. A
-- doctor keeps one of her own.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	old visit_type;
BEGIN
	PERFORM type_owner_check(who.id, of_doctor, of_specialty);
	SELECT * INTO old FROM visit_type
	WHERE is_active AND plain = plain(cleaned(type_name, 60))
		AND (doctor = of_doctor OR specialty = of_specialty) FOR UPDATE;
	IF old.id IS NULL THEN
		RAISE EXCEPTION 'there is no visit %, see "visit types"', quoted(type_name)
			USING ERRCODE = 'CL003';
	ELSIF (SELECT count(*) FROM visit_type
		WHERE visit_type.doctor = old.doctor AND is_active) = 1
	THEN
		RAISE EXCEPTION 'it is the only visit of that doctor, add another first'
			USING ERRCODE = 'CL004';
	END IF;
	UPDATE visit_type SET is_active = false WHERE id = old.id;
	PERFORM audit_put(actor, 'visit type remove', old.name);
	RETURN QUERY SELECT old.name;
END $$;
COMMENT ON FUNCTION api.visit_type_remove(text, bigint, bigint, text) IS
	'Takes a type of visit away; what is booked stays.';

CREATE FUNCTION api.rooms(actor text)
RETURNS TABLE (id bigint, name text, kind text, is_needed_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The rooms and the equipment, and which types of visit need one of its kind.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
BEGIN
	IF NOT has_role(who.id, 'admin') THEN
		who := asker(actor, 'doctor');
	END IF;
	RETURN QUERY SELECT resource.id, resource.name, resource.kind,
		(SELECT string_agg(DISTINCT visit_type.name, ', ') FROM visit_type
			WHERE visit_type.is_active
				AND resource.kind = ANY (visit_type.needs))
	FROM resource WHERE resource.is_active
	ORDER BY resource.kind, length(resource.plain), resource.plain;
END $$;
COMMENT ON FUNCTION api.rooms(text) IS 'The rooms and the equipment.';

CREATE FUNCTION api.room_add(actor text, new_name text)
RETURNS TABLE (name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Adds a room or a piece of equipment; "ECG 1" and "ECG 2" are two of a kind.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	read_as text := cleaned(new_name, 61);
BEGIN
	IF read_as IS NULL OR length(read_as) > 60 OR plain(read_as) !~ '^[[:alpha:]]'
	THEN
		RAISE EXCEPTION 'a room''s name begins with a letter and has at most 60 '
			'characters, like "ECG 2"' USING ERRCODE = 'CL001';
	END IF;
	INSERT INTO resource (name) VALUES (read_as)
	ON CONFLICT (plain) WHERE is_active DO NOTHING;
	IF FOUND THEN
		PERFORM audit_put(actor, 'room add', read_as);
	END IF;
	RETURN QUERY SELECT read_as;
END $$;
COMMENT ON FUNCTION api.room_add(text, text) IS
	'Adds a room or a piece of equipment.';

CREATE FUNCTION api.room_remove(actor text, which bigint)
RETURNS TABLE (name text, appointment_count integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes a room away; visits that have it keep it, and are counted. Not the last
-- one of a kind that some type of visit needs.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	gone resource;
	needing text;
BEGIN
	SELECT * INTO gone FROM resource WHERE id = which AND is_active FOR UPDATE;
	IF gone.id IS NULL THEN
		RAISE EXCEPTION 'there is no such room' USING ERRCODE = 'CL003';
	END IF;
	SELECT string_agg(DISTINCT quoted(visit_type.name), ', ') INTO needing
	FROM visit_type WHERE is_active AND gone.kind = ANY (needs)
		AND NOT EXISTS (SELECT FROM resource
			WHERE kind = gone.kind AND is_active AND id <> gone.id);
	IF needing IS NOT NULL THEN
		RAISE EXCEPTION 'it is the only one, and needed for %', needing
			USING ERRCODE = 'CL004';
	END IF;
	UPDATE resource SET is_active = false WHERE id = which;
	PERFORM audit_put(actor, 'room remove', gone.name);
	RETURN QUERY SELECT gone.name, (SELECT count(*)::integer
		FROM appointment_resource
		WHERE resource = which AND lower(blocked) > clinic.now());
END $$;
COMMENT ON FUNCTION api.room_remove(text, bigint) IS
	'Takes a room away; visits that have it keep it.';
