-- time.sql - when doctors work, are away, work once more; the moving horizon.

CREATE FUNCTION api.hours(actor text)
RETURNS TABLE (rrule text, starts text, ends text, first_day date, zone text,
	openings_through date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor's own rules, in the zone that she wrote them in.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
BEGIN
	RETURN QUERY SELECT availability.rrule, time_text(availability.starts),
		time_text(availability.ends), availability.first_day, doctor_zone(who.id),
		doctor.openings_through
	FROM availability JOIN doctor ON doctor.person = availability.doctor
	WHERE availability.doctor = who.id
	ORDER BY availability.id;
END $$;
COMMENT ON FUNCTION api.hours(text) IS 'A doctor''s own rules.';

CREATE FUNCTION api.hours_outside(actor text)
RETURNS TABLE (code text, patient_name text, starts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor's own visits to come that are outside her hours.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
BEGIN
	RETURN QUERY SELECT * FROM visits_outside(who.id, who.zone);
END $$;
COMMENT ON FUNCTION api.hours_outside(text) IS
	'A doctor''s own visits to come that are outside her hours.';

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
	before tstzmultirange;
BEGIN
	IF jsonb_typeof(rules) IS DISTINCT FROM 'array'
		OR jsonb_array_length(rules) > 200
		OR jsonb_path_exists(rules, '$[*] ? (@.type() != "object")') OR EXISTS (
			SELECT FROM jsonb_to_recordset(rules)
				rule (rrule text, starts text, ends text, first_day text)
			WHERE (rrule ~ '^FREQ=[A-Z0-9=;:,+-]+$' AND length(rrule) <= 500
				AND starts ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
				AND ends ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
				AND starts < ends AND is_date(coalesce(first_day, '2024-01-01')))
				IS NOT TRUE)
	THEN
		RAISE EXCEPTION 'hours are recurrence rules with a begin before their end'
			USING ERRCODE = 'CL001';
	END IF;
	PERFORM doctor_lock(who.id);
	before := opened(who.id);
	DELETE FROM availability WHERE doctor = who.id;
	INSERT INTO availability (doctor, rrule, starts, ends, first_day)
	SELECT who.id, rule.rrule, rule.starts, rule.ends,
		coalesce(rule.first_day, '2024-01-01')
	FROM jsonb_to_recordset(rules)
		rule (rrule text, starts time, ends time, first_day date);
	-- What stands beyond the horizon or was cut in another zone goes as well.
	DELETE FROM opening WHERE doctor = who.id
		AND during && tstzrange(instant(today::timestamp, who.zone), NULL);
	PERFORM openings_put(who.id, who.zone, today, last_day, openings);
	PERFORM extras_put(who.id, tstzrange(at_now, NULL));
	UPDATE doctor SET openings_through = last_day,
		rules_version = rules_version + 1, expanding_until = NULL,
		zone = nullif(who.zone, (SELECT zone FROM clinic))
	WHERE person = who.id;
	PERFORM times_freed(who.id, before);
	PERFORM audit_put(actor, 'hours', NULL);
	RETURN QUERY SELECT * FROM visits_outside(who.id, who.zone);
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
	new_reason text := cleaned(because, 200);
	asked tstzrange := read_closed(from_local, to_local, who.zone, 'time off');
	span tstzrange := asked;
	gone record;
BEGIN
	PERFORM doctor_lock(who.id);
	FOR gone IN DELETE FROM time_off WHERE doctor = who.id AND during && span
		RETURNING during, reason
	LOOP
		span := range_merge(span, gone.during);
		new_reason := coalesce(new_reason, gone.reason);
	END LOOP;
	INSERT INTO time_off (doctor, during, reason)
	VALUES (who.id, span, new_reason);
	PERFORM offers_withdraw(who.id, span);
	PERFORM audit_put(actor, 'off', NULL);
	PERFORM pg_notify('book', 'offices');
	RETURN QUERY SELECT appointment.code, person.name,
		local_text(lower(during), who.zone)
	FROM appointment JOIN person ON person.id = appointment.patient
	WHERE appointment.doctor = who.id
		AND blocked && asked AND is_live AND during && asked AND is_planned
		AND upper(during) > clinic.now()
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
	PERFORM time_freed(who.id, gone);
	PERFORM audit_put(actor, 'off remove', NULL);
	PERFORM pg_notify('book', 'offices');
	RETURN QUERY SELECT local_text(lower(gone), who.zone),
		local_text(upper(gone), who.zone);
END $$;
COMMENT ON FUNCTION api.off_remove(text, bigint) IS
	'Gives a doctor''s own time off back.';

CREATE FUNCTION api.also(actor text)
RETURNS TABLE (id bigint, starts text, ends text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor's own extra openings that are not over.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT extra_opening.id, local_text(lower(during), who.zone),
		local_text(upper(during), who.zone)
	FROM extra_opening WHERE doctor = who.id AND during && tstzrange(at_now, NULL)
	ORDER BY during;
END $$;
COMMENT ON FUNCTION api.also(text) IS
	'A doctor''s own extra openings that are not over.';

CREATE FUNCTION api.also_add(actor text, windows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Opens a doctor's calendar once more, at [["2026-12-05 10:00",
-- "2026-12-05 13:00"], ...] in the zone that she sees times in: all or none. What
-- overlaps becomes one; her hours keep their grid.
DECLARE
	who person := asker(actor, 'doctor');
	pair jsonb;
	before tstzmultirange;
BEGIN
	IF jsonb_typeof(windows) IS DISTINCT FROM 'array'
		OR jsonb_array_length(windows) NOT BETWEEN 1 AND 20
	THEN
		RAISE EXCEPTION 'extra hours are a list of at most 20 pairs'
			USING ERRCODE = 'CL001';
	END IF;
	PERFORM doctor_lock(who.id);
	before := opened(who.id);
	FOR pair IN SELECT jsonb_array_elements(windows) LOOP
		PERFORM extra_add(who.id,
			tstzrange(instant((pair ->> 0)::timestamp, who.zone),
				greatest(instant((pair ->> 0)::timestamp, who.zone),
					instant((pair ->> 1)::timestamp, who.zone))));
	END LOOP;
	PERFORM times_freed(who.id, before);
	PERFORM audit_put(actor, 'also', NULL);
END $$;
COMMENT ON FUNCTION api.also_add(text, jsonb) IS
	'Opens a doctor''s calendar once more.';

CREATE FUNCTION api.also_remove(actor text, which bigint)
RETURNS TABLE (code text, patient_name text, starts text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes an extra opening back. The visits in it stay and are returned.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	gone tstzrange;
BEGIN
	PERFORM doctor_lock(who.id);
	DELETE FROM extra_opening WHERE id = which AND doctor = who.id
	RETURNING during INTO gone;
	IF gone IS NULL THEN
		RAISE EXCEPTION 'there are no such extra hours' USING ERRCODE = 'CL003';
	END IF;
	DELETE FROM opening
	WHERE doctor = who.id AND during && gone AND is_extra AND during <@ gone;
	PERFORM audit_put(actor, 'also remove', NULL);
	RETURN QUERY SELECT outside.* FROM visits_outside(who.id, who.zone) outside
		JOIN appointment USING (code) WHERE during && gone;
END $$;
COMMENT ON FUNCTION api.also_remove(text, bigint) IS
	'Takes an extra opening back; returns the visits in it, which stay.';

CREATE FUNCTION api.horizons_claim(most integer, lease_s integer)
RETURNS TABLE (doctor bigint, from_day date, through_day date, rrule text,
	starts text, ends text, first_day date, version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- At most so many doctors whose openings do not reach the horizon, with the days
-- that are missing and their rules, a row for each. They are the caller's alone
-- until horizon_set or the end of the lease.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
	mine bigint[];
BEGIN
	WITH free AS (SELECT person FROM doctor
		WHERE person IN (SELECT due.doctor FROM horizons_due() due)
			AND (expanding_until IS NULL OR expanding_until <= at_now
				-- The clock was put back.
				OR expanding_until > at_now
					+ (lease_s + 3600) * interval '1 second')
		ORDER BY person LIMIT most FOR UPDATE SKIP LOCKED),
	claimed AS (UPDATE doctor
		SET expanding_until = at_now + lease_s * interval '1 second'
		FROM free WHERE doctor.person = free.person RETURNING doctor.person)
	SELECT array_agg(person) INTO mine FROM claimed;
	RETURN QUERY SELECT due.* FROM horizons_due() due WHERE due.doctor = ANY (mine);
END $$;
COMMENT ON FUNCTION api.horizons_claim(integer, integer) IS
	'Whose openings do not reach the horizon: for one bot at a time.';

CREATE FUNCTION api.horizon_set(which bigint, first_day date, last_day date,
	openings jsonb, of_version bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Stores a doctor's openings of some days, instead of what stands on them; not
-- when her rules have changed since that version, or others have stored them.
DECLARE
	old doctor;
	before tstzmultirange;
BEGIN
	PERFORM doctor_lock(which);
	SELECT * INTO old FROM doctor WHERE person = which;
	IF of_version <> old.rules_version
		OR of_version IS NOT NULL AND old.openings_through >= last_day
	THEN
		RETURN;
	END IF;
	before := opened(which);
	PERFORM openings_put(which, doctor_zone(which), first_day, last_day, openings);
	UPDATE doctor SET openings_through = greatest(openings_through, last_day),
		expanding_until = NULL
	WHERE person = which;
	PERFORM times_freed(which, before);
END $$;
COMMENT ON FUNCTION api.horizon_set(bigint, date, date, jsonb, bigint) IS
	'Stores a doctor''s openings of some days.';
