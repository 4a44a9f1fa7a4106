-- time.sql - a doctor's hours and time off, and the moving horizon.

CREATE FUNCTION api.hours(actor text)
RETURNS TABLE (rrule text, starts text, ends text, zone text,
	openings_through date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor's own rules, in the zone that she wrote them in.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
BEGIN
	RETURN QUERY SELECT availability.rrule, time_text(availability.starts),
		time_text(availability.ends), doctor_zone(who.id), doctor.openings_through
	FROM availability JOIN doctor ON doctor.person = availability.doctor
	WHERE availability.doctor = who.id
	ORDER BY availability.id;
END $$;
COMMENT ON FUNCTION api.hours(text) IS 'A doctor''s own rules.';

CREATE FUNCTION api.horizon(actor text)
RETURNS TABLE (from_day date, through_day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The days that hours_set must be given openings for: from today to the horizon.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	today date := (clinic.now() AT TIME ZONE who.zone)::date;
BEGIN
	RETURN QUERY SELECT today, today + clinic.horizon_days FROM clinic;
END $$;
COMMENT ON FUNCTION api.horizon(text) IS
	'The days that hours_set must be given openings for.';

CREATE FUNCTION api.hours_set(actor text, rules jsonb, openings jsonb)
RETURNS TABLE (code text, patient_name text, starts text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Replaces a doctor's rules and, from today on, her openings; both are in the
-- zone that she has now. Visits stay as they are; those that fall outside her new
-- hours are returned.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	at_now timestamptz := clinic.now();
	today date := (at_now AT TIME ZONE who.zone)::date;
	last_day date := today + (SELECT horizon_days FROM clinic);
	open tstzmultirange;
BEGIN
	IF jsonb_typeof(rules) IS DISTINCT FROM 'array'
		OR jsonb_array_length(rules) > 200
		OR jsonb_path_exists(rules, '$[*] ? (@.type() != "object")') OR EXISTS (
			SELECT FROM jsonb_to_recordset(rules)
				rule (rrule text, starts text, ends text)
			WHERE (rrule ~ '^FREQ=[A-Z0-9=;:,+-]+$' AND length(rrule) <= 500
				AND starts ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
				AND ends ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
				AND starts < ends) IS NOT TRUE)
	THEN
		RAISE EXCEPTION 'hours are recurrence rules with a begin before their end'
			USING ERRCODE = 'CL001';
	END IF;
	PERFORM doctor_lock(who.id);
	DELETE FROM availability WHERE doctor = who.id;
	INSERT INTO availability (doctor, rrule, starts, ends)
	SELECT who.id, rule.rrule, rule.starts, rule.ends
	FROM jsonb_to_recordset(rules) rule (rrule text, starts time, ends time);
	-- What stands beyond the horizon or was cut in another zone goes as well.
	DELETE FROM opening WHERE doctor = who.id
		AND during && tstzrange(instant(today::timestamp, who.zone), NULL);
	PERFORM openings_put(who.id, who.zone, today, last_day, openings);
	UPDATE doctor SET openings_through = last_day,
		zone = nullif(who.zone, (SELECT zone FROM clinic))
	WHERE person = who.id;
	PERFORM audit_put(actor, 'hours', NULL);
	SELECT range_agg(during) INTO open FROM opening
	WHERE doctor = who.id AND during && tstzrange(at_now, NULL);
	RETURN QUERY SELECT appointment.code, person.name,
		local_text(lower(during), who.zone)
	FROM appointment JOIN person ON person.id = appointment.patient
	WHERE appointment.doctor = who.id AND during && tstzrange(at_now, NULL)
		AND lower(during) > at_now AND is_live
		AND NOT coalesce(open, '{}') @> during
	ORDER BY during;
END $$;
COMMENT ON FUNCTION api.hours_set(text, jsonb, jsonb) IS
	'Replaces a doctor''s rules and openings; returns the visits now outside.';

CREATE FUNCTION api.off(actor text)
RETURNS TABLE (id bigint, starts text, ends text, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor's own time off that is not over.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT time_off.id, local_text(lower(during), who.zone),
		local_text(upper(during), who.zone), time_off.reason
	FROM time_off WHERE doctor = who.id AND during && tstzrange(at_now, NULL)
	ORDER BY during;
END $$;
COMMENT ON FUNCTION api.off(text) IS 'A doctor''s own time off that is not over.';

CREATE FUNCTION api.off_add(actor text, from_local timestamp, to_local timestamp,
	because text)
RETURNS TABLE (code text, patient_name text, starts text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes time off, given in the zone that the doctor sees times in. Time off that
-- overlaps becomes one. The visits inside stay and are returned.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	starts_at timestamptz := instant(from_local, who.zone);
	ends_at timestamptz := instant(to_local, who.zone);
	new_reason text := cleaned(because, 200);
	span tstzrange;
	gone record;
BEGIN
	IF starts_at IS NULL OR ends_at IS NULL OR NOT isfinite(starts_at)
		OR NOT isfinite(ends_at) OR starts_at >= ends_at
	THEN
		RAISE EXCEPTION 'time off begins before it ends' USING ERRCODE = 'CL001';
	ELSIF ends_at <= clinic.now() THEN
		RAISE EXCEPTION 'that time is over' USING ERRCODE = 'CL001';
	ELSIF ends_at > clinic.now() + interval '5 years' THEN
		RAISE EXCEPTION 'time off is within the next five years'
			USING ERRCODE = 'CL001';
	END IF;
	PERFORM doctor_lock(who.id);
	span := tstzrange(starts_at, ends_at);
	FOR gone IN DELETE FROM time_off WHERE doctor = who.id AND during && span
		RETURNING during, reason
	LOOP
		span := range_merge(span, gone.during);
		new_reason := coalesce(new_reason, gone.reason);
	END LOOP;
	INSERT INTO time_off (doctor, during, reason)
	VALUES (who.id, span, new_reason);
	PERFORM audit_put(actor, 'off', NULL);
	RETURN QUERY SELECT appointment.code, person.name,
		local_text(lower(during), who.zone)
	FROM appointment JOIN person ON person.id = appointment.patient
	WHERE appointment.doctor = who.id
		AND during && tstzrange(starts_at, ends_at)
		AND upper(during) > clinic.now() AND is_live
	ORDER BY during;
END $$;
COMMENT ON FUNCTION api.off_add(text, timestamp, timestamp, text) IS
	'Takes time off; returns the visits inside, which stay.';

CREATE FUNCTION api.off_remove(actor text, which bigint)
RETURNS TABLE (starts text, ends text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Gives a doctor's own time off back.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	gone tstzrange;
BEGIN
	PERFORM doctor_lock(who.id);
	DELETE FROM time_off WHERE id = which AND doctor = who.id
	RETURNING during INTO gone;
	IF gone IS NULL THEN
		RAISE EXCEPTION 'there is no such time off' USING ERRCODE = 'CL003';
	END IF;
	PERFORM audit_put(actor, 'off remove', NULL);
	RETURN QUERY SELECT local_text(lower(gone), who.zone),
		local_text(upper(gone), who.zone);
END $$;
COMMENT ON FUNCTION api.off_remove(text, bigint) IS
	'Gives a doctor''s own time off back.';

CREATE FUNCTION api.horizons_due()
RETURNS TABLE (doctor bigint, from_day date, through_day date, rrule text,
	starts text, ends text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The rules of each active doctor whose openings do not reach the horizon, and
-- the days that are missing.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT doctor.person,
		greatest(doctor.openings_through + 1, days.today),
		days.today + clinic.horizon_days, availability.rrule,
		time_text(availability.starts), time_text(availability.ends)
	FROM clinic CROSS JOIN doctor
		CROSS JOIN LATERAL (SELECT (at_now
			AT TIME ZONE coalesce(doctor.zone, clinic.zone))::date AS today) days
		JOIN availability ON availability.doctor = doctor.person
	WHERE doctor.is_active AND (doctor.openings_through IS NULL
		OR doctor.openings_through < days.today + clinic.horizon_days)
	ORDER BY doctor.person, availability.id;
END $$;
COMMENT ON FUNCTION api.horizons_due() IS
	'Whose openings do not reach the horizon, and by which rules they are made.';

CREATE FUNCTION api.horizon_set(which bigint, first_day date, last_day date,
	openings jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Stores a doctor's openings of some days, instead of what stands on them.
BEGIN
	PERFORM doctor_lock(which);
	PERFORM openings_put(which, doctor_zone(which), first_day, last_day, openings);
	UPDATE doctor SET openings_through = greatest(openings_through, last_day)
	WHERE person = which;
END $$;
COMMENT ON FUNCTION api.horizon_set(bigint, date, date, jsonb) IS
	'Stores a doctor''s openings of some days.';
