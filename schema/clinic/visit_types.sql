-- visit_types.sql - what a patient can come for, and the rooms that it takes.

CREATE FUNCTION clinic.types_of(of_doctor bigint) RETURNS SETOF clinic.visit_type
LANGUAGE sql STABLE ROWS 3 AS $$
	SELECT DISTINCT ON (plain) found.*
	FROM (SELECT own.* FROM visit_type own
			WHERE own.doctor = of_doctor AND own.is_active
		UNION ALL SELECT shared.* FROM doctor_specialty
			JOIN visit_type shared
				ON shared.specialty = doctor_specialty.specialty
		WHERE doctor_specialty.doctor = of_doctor AND shared.is_active) found
	ORDER BY plain, found.doctor NULLS LAST, found.id
$$;
COMMENT ON FUNCTION clinic.types_of(bigint) IS
	'A doctor''s types of visit: her own, and her specialties'' of other names.';

CREATE FUNCTION clinic.has_kinds(of_doctor bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT count(*) > 1 FROM types_of(of_doctor)
$$;
COMMENT ON FUNCTION clinic.has_kinds(bigint) IS
	'Whether a doctor has more than one type of visit, so that it is to be said.';

CREATE FUNCTION clinic.chosen_type(of_doctor bigint, wanted text, fixed bigint)
RETURNS SETOF clinic.visit_type
LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT found.*
	FROM (SELECT own.* FROM visit_type own
			WHERE own.doctor = of_doctor AND own.is_active AND fixed IS NULL
				AND (wanted IS NULL OR own.plain = wanted)
		UNION ALL SELECT shared.* FROM doctor_specialty
			JOIN visit_type shared
				ON shared.specialty = doctor_specialty.specialty
		WHERE doctor_specialty.doctor = of_doctor AND shared.is_active
			AND fixed IS NULL AND (wanted IS NULL OR shared.plain = wanted)
		UNION ALL SELECT one.* FROM visit_type one WHERE one.id = fixed) found
	ORDER BY found.doctor NULLS LAST, found.id LIMIT 1
$$;
COMMENT ON FUNCTION clinic.chosen_type(bigint, text, bigint) IS
	'The type of a visit to a doctor: the fixed one, the one with that plain name, '
	'or her usual one. No row: she has none of that name.';

CREATE FUNCTION clinic.buffered(span tstzrange, type clinic.visit_type)
RETURNS tstzrange
LANGUAGE sql IMMUTABLE AS $$
	SELECT tstzrange(lower(span) - type.before_minutes * interval '1 minute',
		upper(span) + type.after_minutes * interval '1 minute')
$$;
COMMENT ON FUNCTION clinic.buffered(tstzrange, clinic.visit_type) IS
	'The time of a visit with the buffers of its type.';

CREATE FUNCTION clinic.full_days(of_doctor bigint, type clinic.visit_type,
	span tstzrange, wished clinic.wish) RETURNS tstzmultirange
LANGUAGE plpgsql STABLE AS $$
-- The days, by the clock of the doctor's hours, that have as many visits of a type
-- as there may be. Cancelled ones do not count, nor what the asker holds.
DECLARE
	zone text := doctor_zone(of_doctor);
	first_day date := (lower(span) AT TIME ZONE zone)::date;
	last_day date := (upper(span) AT TIME ZONE zone)::date;
	days tstzrange := days_window(first_day, last_day, zone);
	at_now timestamptz := clinic.now();
BEGIN
	RETURN coalesce((SELECT range_agg(days_window(day, day, zone))
		FROM (SELECT (lower(during) AT TIME ZONE zone)::date AS day
			FROM appointment
			WHERE appointment.doctor = of_doctor
				AND lower(during) >= lower(days) AND lower(during) < upper(days)
				AND visit_type = type.id AND state <> 'cancelled'
				AND id IS DISTINCT FROM wished.moving
				AND NOT is_passing(appointment, wished.asker, at_now)
			GROUP BY 1 HAVING count(*) >= type.most_per_day) full_day), '{}');
END $$;
COMMENT ON FUNCTION
	clinic.full_days(bigint, clinic.visit_type, tstzrange, clinic.wish) IS
	'The days on which a doctor has enough visits of a type.';

CREATE FUNCTION clinic.is_passing(visit clinic.appointment, asker bigint,
	at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT visit.state = 'held' AND NOT visit.is_offer
		AND (visit.expires_at <= at OR visit.booked_by IS NOT DISTINCT FROM asker)
$$;
COMMENT ON FUNCTION
	clinic.is_passing(clinic.appointment, bigint, timestamptz) IS
	'Whether a visit is a hold that is over, or the asker''s own: in nobody''s way.';

CREATE FUNCTION clinic.room_for(wanted text, span tstzrange, wished clinic.wish)
RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
-- A room of a kind that is free for all that time; NULL: there is none.
DECLARE
	at_now timestamptz := clinic.now();
BEGIN
	RETURN (SELECT resource.id FROM resource
		WHERE resource.kind = wanted AND resource.is_active
			AND NOT EXISTS (SELECT FROM appointment_resource taken
					JOIN appointment visit ON visit.id = taken.appointment
				WHERE taken.resource = resource.id AND taken.blocked && span
					AND visit.id IS DISTINCT FROM wished.moving
					AND NOT is_passing(visit, wished.asker, at_now))
		ORDER BY resource.plain LIMIT 1);
END $$;
COMMENT ON FUNCTION clinic.room_for(text, tstzrange, clinic.wish) IS
	'A room of a kind that is free for all that time; NULL: none.';

CREATE FUNCTION clinic.has_rooms(needs text[], span tstzrange, wished clinic.wish)
RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
	kind text;
BEGIN
	FOREACH kind IN ARRAY needs LOOP
		IF room_for(kind, span, wished) IS NULL THEN
			RETURN false;
		END IF;
	END LOOP;
	RETURN true;
END $$;
COMMENT ON FUNCTION clinic.has_rooms(text[], tstzrange, clinic.wish) IS
	'Whether there is a free room of each of these kinds.';

CREATE FUNCTION clinic.rooms_put(visit clinic.appointment) RETURNS void
LANGUAGE plpgsql AS $$
-- Gives a visit the rooms that its type needs, or takes them back when it does
-- not happen. One at a time takes a room of a kind. None free is CL004.
DECLARE
	needed text[] := (SELECT needs FROM visit_type WHERE id = visit.visit_type);
	sought wish;
	kind text;
	room bigint;
BEGIN
	sought.moving := visit.id;
	IF visit.is_live AND visit.blocked = ALL (SELECT blocked
			FROM appointment_resource WHERE appointment = visit.id)
		AND cardinality(needed) = (SELECT count(*) FROM appointment_resource
			WHERE appointment = visit.id)
		OR visit.state = 'fulfilled'
	THEN
		RETURN;
	END IF;
	DELETE FROM appointment_resource WHERE appointment = visit.id;
	IF NOT visit.is_live THEN
		RETURN;
	END IF;
	FOR kind IN SELECT DISTINCT one FROM unnest(needed) one ORDER BY one LOOP
		PERFORM pg_advisory_xact_lock(3, hashtext(kind));
		room := room_for(kind, visit.blocked, sought);
		IF room IS NULL THEN
			RAISE EXCEPTION 'no room is free at that time'
				USING ERRCODE = 'CL004';
		END IF;
		INSERT INTO appointment_resource (appointment, resource, blocked)
		VALUES (visit.id, room, visit.blocked);
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.rooms_put(clinic.appointment) IS
	'Gives a visit the rooms that it needs, or takes them back (appointment_put).';

CREATE FUNCTION clinic.hold_end(visit clinic.appointment, actor bigint)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	visit.state := 'cancelled';
	visit.expires_at := NULL;
	visit := appointment_put(visit, actor);
END $$;
COMMENT ON FUNCTION clinic.hold_end(clinic.appointment, bigint) IS
	'Ends a hold that came to nothing.';

CREATE FUNCTION clinic.holds_end(who bigint, kept bigint DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM hold_end(held, who) FROM (SELECT * FROM appointment
		WHERE booked_by = who AND state = 'held' AND NOT is_offer
			AND id IS DISTINCT FROM kept ORDER BY id FOR UPDATE) held;
END $$;
COMMENT ON FUNCTION clinic.holds_end(bigint, bigint) IS
	'Ends what somebody holds, but for one.';

CREATE FUNCTION clinic.holds_clear(of_doctor bigint, needs text[], span tstzrange)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM hold_end(held, NULL) FROM (SELECT * FROM appointment
		WHERE state = 'held' AND NOT is_offer AND expires_at <= clinic.now()
			AND (id IN (SELECT other.id FROM appointment other
					WHERE other.doctor = of_doctor AND other.blocked && span
						AND other.is_live)
				OR cardinality(needs) > 0 AND id IN (SELECT appointment
					FROM appointment_resource JOIN resource
						ON resource.id = appointment_resource.resource
					WHERE resource.kind = ANY (needs) AND blocked && span))
		ORDER BY id FOR UPDATE) held;
END $$;
COMMENT ON FUNCTION clinic.holds_clear(bigint, text[], tstzrange) IS
	'Ends the holds that are over and in the way of a visit (slot_check).';

CREATE FUNCTION clinic.usual_type_put(of_doctor bigint, new_fee numeric,
	new_currency text, new_minutes integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE visit_type SET fee = coalesce(round(new_fee, 2), fee),
		currency = coalesce(new_currency, currency),
		minutes = coalesce(new_minutes, minutes)
	WHERE id = (SELECT min(id) FROM visit_type
		WHERE doctor = of_doctor AND is_active);
	IF NOT FOUND THEN
		INSERT INTO visit_type (doctor, name, fee, currency, minutes)
		VALUES (of_doctor, 'Visit', coalesce(round(new_fee, 2), 0),
			coalesce(new_currency, (SELECT currency FROM clinic)),
			coalesce(new_minutes, 20));
	END IF;
END $$;
COMMENT ON FUNCTION
	clinic.usual_type_put(bigint, numeric, text, integer) IS
	'Sets a doctor''s usual visit; NULL keeps what there was (doctor_add).';

CREATE FUNCTION clinic.type_owner_check(who bigint, of_doctor bigint,
	of_specialty bigint) RETURNS void
LANGUAGE plpgsql STABLE AS $$
-- Refuses whose types somebody may not change: a doctor changes her own, admins all.
BEGIN
	IF num_nonnulls(of_doctor, of_specialty) <> 1 THEN
		RAISE EXCEPTION 'a type of visit belongs to a doctor or to a specialty'
			USING ERRCODE = 'CL001';
	ELSIF NOT has_role(who, 'admin')
		AND NOT coalesce(is_staff_of(who, of_doctor), false)
	THEN
		RAISE EXCEPTION 'only the doctor herself and admins can do that'
			USING ERRCODE = 'CL002';
	ELSIF NOT EXISTS (SELECT FROM doctor WHERE person = of_doctor AND is_active)
		AND NOT EXISTS (SELECT FROM specialty WHERE id = of_specialty)
	THEN
		RAISE EXCEPTION 'there is no such %', CASE WHEN of_doctor IS NULL
			THEN 'specialty' ELSE 'doctor' END USING ERRCODE = 'CL003';
	END IF;
END $$;
COMMENT ON FUNCTION clinic.type_owner_check(bigint, bigint, bigint) IS
	'Refuses who may not change the types of a doctor or specialty.';

CREATE FUNCTION clinic.number_read(settings jsonb, key text, was numeric,
	least_value numeric, most_value numeric, what text) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
	found numeric := was;
BEGIN
	IF jsonb_typeof(settings -> key) = 'number' THEN
		found := (settings ->> key)::numeric;
	ELSIF settings ? key AND jsonb_typeof(settings -> key) = 'null' THEN
		RETURN NULL;
	ELSIF settings ? key THEN
		RAISE EXCEPTION '% is a number', what USING ERRCODE = 'CL001';
	END IF;
	IF found NOT BETWEEN least_value AND most_value THEN
		RAISE EXCEPTION '% is % to %, unlike "%"', what, least_value, most_value,
			found USING ERRCODE = 'CL001';
	END IF;
	RETURN found;
END $$;
COMMENT ON FUNCTION
	clinic.number_read(jsonb, text, numeric, numeric, numeric, text) IS
	'One number of a type''s settings, or what it was (type_read).';

CREATE FUNCTION clinic.type_read(old clinic.visit_type, settings jsonb)
RETURNS clinic.visit_type
LANGUAGE plpgsql STABLE AS $$
-- A type of visit with some of its settings changed, or CL001 in words.
DECLARE
	made visit_type := old;
BEGIN
	IF jsonb_typeof(settings) IS DISTINCT FROM 'object' THEN
		RAISE EXCEPTION 'the settings of a visit are an object'
			USING ERRCODE = 'CL001';
	END IF;
	made.minutes := number_read(settings, 'minutes', coalesce(old.minutes, 20),
		5, 480, 'a visit''s length in minutes');
	made.fee := round(number_read(settings, 'fee', coalesce(old.fee, 0),
		0, 999999, 'a fee'), 2);
	made.currency := coalesce(read_currency(settings ->> 'currency'), old.currency,
		(SELECT currency FROM clinic));
	made.is_video := coalesce((settings ->> 'video')::boolean, old.is_video, false);
	made.before_minutes := number_read(settings, 'before',
		coalesce(old.before_minutes, 0), 0, 240, 'the time before a visit in minutes');
	made.after_minutes := number_read(settings, 'after',
		coalesce(old.after_minutes, 0), 0, 240, 'the time after a visit in minutes');
	made.notice_minutes := coalesce(number_read(settings, 'notice',
		coalesce(old.notice_minutes, 0), 0, 525600, 'the notice in minutes'), 0);
	made.ahead_days := number_read(settings, 'ahead', old.ahead_days, 1, 730,
		'how far ahead one can book, in days,');
	made.most_per_day := number_read(settings, 'most', old.most_per_day, 1, 200,
		'the most a day');
	made.cancel_minutes := coalesce(number_read(settings, 'cancel',
		coalesce(old.cancel_minutes, 0), 0, 525600,
		'the deadline for cancelling in minutes'), 0);
	made.move_minutes := coalesce(number_read(settings, 'move',
		coalesce(old.move_minutes, 0), 0, 525600,
		'the deadline for moving in minutes'), 0);
	made.needs := CASE WHEN settings ? 'needs' THEN coalesce((
			SELECT array_agg(DISTINCT kind_read(one))
			FROM regexp_split_to_table(coalesce(settings ->> 'needs', ''), ',') one
			WHERE btrim(one) <> ''), '{}')
		ELSE coalesce(old.needs, '{}') END;
	IF cardinality(made.needs) > 5 THEN
		RAISE EXCEPTION 'a visit needs at most five rooms' USING ERRCODE = 'CL001';
	END IF;
	RETURN made;
END $$;
COMMENT ON FUNCTION clinic.type_read(clinic.visit_type, jsonb) IS
	'A type of visit with some of its settings changed (visit_type_set).';

CREATE FUNCTION clinic.kind_read(typed text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT kind FROM resource
			WHERE plain = clinic.plain(btrim(typed)) AND is_active LIMIT 1),
		clinic.plain(cleaned(typed, 60)))
$$;
COMMENT ON FUNCTION clinic.kind_read(text) IS
	'The kind of a room by its own name ("ECG 2") or the kind''s ("ecg").';
