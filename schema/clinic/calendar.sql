-- calendar.sql - openings, and free time cut from them.

CREATE FUNCTION clinic.doctor_zone(which bigint) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT doctor.zone FROM doctor WHERE person = which),
		(SELECT zone FROM clinic))
$$;
COMMENT ON FUNCTION clinic.doctor_zone(bigint) IS
	'The zone that a doctor''s hours are written in.';

CREATE FUNCTION clinic.doctor_lock(which bigint) RETURNS void
LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(1, hashint8(which)) $$;
COMMENT ON FUNCTION clinic.doctor_lock(bigint) IS
	'One at a time changes a doctor''s calendar. Taken before a patient''s lock.';

CREATE FUNCTION clinic.patient_lock(which bigint) RETURNS void
LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(2, hashint8(which)) $$;
COMMENT ON FUNCTION clinic.patient_lock(bigint) IS
	'One at a time changes a patient''s visits. Taken after a doctor''s lock.';

CREATE FUNCTION clinic.days_window(day_from date, day_to date, zone text)
RETURNS tstzrange
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN day_from > day_to THEN 'empty' ELSE tstzrange(
		CASE WHEN day_from > '1900-01-01'
			THEN clinic.instant(day_from::timestamp, zone) END,
		CASE WHEN day_to < '2900-01-01'
			THEN clinic.instant((day_to + 1)::timestamp, zone) END) END
$$;
COMMENT ON FUNCTION clinic.days_window(date, date, text) IS
	'The time from the first day''s begin to the last day''s end; NULL is open.';

CREATE FUNCTION clinic.patient_busy(who bigint, span tstzrange, moving bigint)
RETURNS tstzmultirange
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT range_agg(during) FROM appointment
		WHERE patient = who AND during && span AND is_planned
			AND id IS DISTINCT FROM moving), '{}');
END $$;
COMMENT ON FUNCTION clinic.patient_busy(bigint, tstzrange, bigint) IS
	'When a patient has other visits.';

CREATE FUNCTION clinic.closed(span tstzrange) RETURNS tstzmultirange
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT range_agg(during) FROM holiday WHERE during && span),
		'{}');
END $$;
COMMENT ON FUNCTION clinic.closed(tstzrange) IS 'When the clinic is closed.';

CREATE FUNCTION clinic.zone_offset(at timestamptz, zone text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT at AT TIME ZONE zone - at AT TIME ZONE 'UTC'
$$;
COMMENT ON FUNCTION clinic.zone_offset(timestamptz, text) IS
	'How far the clocks of a zone are ahead of UTC.';

CREATE FUNCTION clinic.repeated(span tstzrange, zone text) RETURNS tstzmultirange
LANGUAGE plpgsql STABLE AS $$
-- The second of two equal hours, each time that the clocks go back in a window,
-- which is at most three years. What begins there would look like the first.
DECLARE
	quarter constant interval := '15 minutes'; -- at these clocks change
	found tstzmultirange := '{}';
	week timestamptz;
	back interval;
	before integer; -- quarters of an hour in the week: before the change, and
	after integer;  -- after it
	change timestamptz;
BEGIN
	FOR week, back IN
		SELECT at, zone_offset(at, zone) - zone_offset(at + interval '7 days', zone)
		FROM generate_series(date_bin(quarter, lower(span), '2000-01-01Z')
				- interval '1 day',
			least(upper(span), lower(span) + interval '3 years'), interval '7 days') at
		WHERE zone_offset(at, zone) > zone_offset(at + interval '7 days', zone)
	LOOP
		before := 0;
		after := 7 * 96;
		WHILE after - before > 1 LOOP
			change := week + (before + after) / 2 * quarter;
			IF zone_offset(change, zone) = zone_offset(week, zone) THEN
				before := (before + after) / 2;
			ELSE
				after := (before + after) / 2;
			END IF;
		END LOOP;
		change := week + after * quarter;
		found := found + tstzmultirange(tstzrange(change, change + back));
	END LOOP;
	RETURN found;
END $$;
COMMENT ON FUNCTION clinic.repeated(tstzrange, text) IS
	'When the clock shows what it has shown before (slots, doctors).';

CREATE FUNCTION clinic.wish_of(who clinic.person, for_patient bigint,
	span tstzrange, time_from time, time_to time, of_type text)
RETURNS clinic.wish
LANGUAGE plpgsql STABLE AS $$
-- A window without an end ends with the openings of today's horizon.
DECLARE
	made wish;
BEGIN
	made.span := span * tstzrange(NULL, clinic.now()
		+ (SELECT horizon_days + 2 FROM clinic) * interval '1 day');
	made.zone := who.zone;
	made.time_from := time_from;
	made.time_to := time_to;
	made.repeated := CASE WHEN isempty(made.span) THEN '{}'
		ELSE repeated(made.span, who.zone) END;
	made.asker := who.id;
	made.patient := for_patient;
	made.visit_type := plain(cleaned(of_type, 60));
	made.is_staff := has_role(who.id, 'admin');
	RETURN made;
END $$;
COMMENT ON FUNCTION
	clinic.wish_of(clinic.person, bigint, tstzrange, time, time, text) IS
	'What somebody wishes: in a window, at times of the day in their zone.';

CREATE FUNCTION clinic.wish_to_move(wished clinic.wish, visit clinic.appointment)
RETURNS clinic.wish
LANGUAGE plpgsql STABLE AS $$
BEGIN
	wished.patient := visit.patient;
	wished.moving := visit.id;
	wished.moving_type := visit.visit_type;
	wished.is_staff := wished.is_staff OR wished.asker = visit.doctor;
	RETURN wished;
END $$;
COMMENT ON FUNCTION clinic.wish_to_move(clinic.wish, clinic.appointment) IS
	'A wish that is for another time of a visit.';

CREATE FUNCTION clinic.bookable(type clinic.visit_type, zone text)
RETURNS tstzrange
LANGUAGE sql STABLE AS $$
	SELECT tstzrange(clinic.now() + type.notice_minutes * interval '1 minute',
		upper(days_window(NULL, (clinic.now() AT TIME ZONE zone)::date
			+ type.ahead_days, zone)))
$$;
COMMENT ON FUNCTION clinic.bookable(clinic.visit_type, text) IS
	'When a visit may start that a patient books now: after the notice of its type, '
	'and not too far ahead.';

CREATE FUNCTION clinic.openings_in(of_doctor bigint, span tstzrange)
RETURNS SETOF tstzrange
LANGUAGE sql STABLE AS $$
	-- By their begin, as it is in an index that is three times as fast as the one
	-- for "&&": none is longer than two days.
	SELECT during FROM opening
	WHERE doctor = of_doctor AND lower(during) <= upper(span)
		AND lower(during) > lower(span) - interval '2 days'
		AND upper(during) > lower(span)
$$;
COMMENT ON FUNCTION clinic.openings_in(bigint, tstzrange) IS
	'A doctor''s openings in a window that has a begin and an end.';

CREATE FUNCTION clinic.doctors_asked(of_doctor bigint, of_specialty bigint)
RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
-- The active doctors who are meant; it is the turn of whoever was booked longest
-- ago. NULL: there is none.
BEGIN
	IF of_doctor IS NOT NULL THEN
		RETURN (SELECT array_agg(person) FROM doctor
			WHERE person = of_doctor AND is_active AND (of_specialty IS NULL
				OR EXISTS (SELECT FROM doctor_specialty
					WHERE doctor_specialty.doctor = of_doctor
						AND specialty = of_specialty)));
	ELSIF of_specialty IS NOT NULL THEN
		RETURN (SELECT array_agg(person ORDER BY last_booked_at NULLS FIRST, person)
			FROM doctor_specialty JOIN doctor ON person = doctor_specialty.doctor
			WHERE specialty = of_specialty AND is_active);
	END IF;
	RETURN (SELECT array_agg(person ORDER BY last_booked_at NULLS FIRST, person)
		FROM doctor WHERE is_active);
END $$;
COMMENT ON FUNCTION clinic.doctors_asked(bigint, bigint) IS
	'The doctors who are meant by a doctor, a specialty or neither, in turn.';

CREATE FUNCTION clinic.work_from(doctors bigint[], span tstzrange)
RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF EXISTS (SELECT FROM unnest(doctors) one (id)
			CROSS JOIN LATERAL openings_in(one.id, tstzrange(lower(span),
				lower(span), '[]')) during)
	THEN
		RETURN lower(span);
	END IF;
	RETURN (SELECT min(first.start) FROM unnest(doctors) one (id)
		CROSS JOIN LATERAL (SELECT lower(during) AS start
			FROM openings_in(one.id, span) during ORDER BY lower(during) LIMIT 1) first);
END $$;
COMMENT ON FUNCTION clinic.work_from(bigint[], tstzrange) IS
	'When the first of some doctors works in a window; NULL: nobody does.';

CREATE FUNCTION clinic.working(doctors bigint[], span tstzrange, most integer)
RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF cardinality(doctors) <= most THEN
		RETURN doctors;
	END IF;
	RETURN ARRAY(SELECT one.id FROM unnest(doctors) one (id)
		WHERE EXISTS (SELECT FROM openings_in(one.id, span)) LIMIT most);
END $$;
COMMENT ON FUNCTION clinic.working(bigint[], tstzrange, integer) IS
	'The first so many of some doctors who work in a window; of few all.';

CREATE FUNCTION clinic.free_starts(
	doctors bigint[],
	part tstzrange,         -- starts are in this part of the wish's window
	wished clinic.wish
) RETURNS TABLE (doctor bigint, start timestamptz, visit_type bigint,
	length interval)
LANGUAGE plpgsql STABLE ROWS 30 AS $$
-- Where visits may start: on the grid of each opening, from its begin, in steps of
-- the doctor's grid or of a shorter visit's length, with the whole visit inside
-- it, and it and its buffers in nobody's way. Each doctor's calendar is read once
-- (hence MATERIALIZED), and not for each of the starts that are cut from it.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
	at_any_time boolean := wished.time_from IS NULL AND wished.time_to IS NULL;
	-- A visit that starts in this part may reach beyond it, by a day at most.
	reach tstzrange := tstzrange(lower(part), upper(part) + interval '1 day');
	busy tstzmultirange := patient_busy(wished.patient, reach, wished.moving)
		+ closed(reach);
BEGIN
	RETURN QUERY WITH calendar AS MATERIALIZED (
		SELECT one.id, type.id AS visit_type, type.needs, visit.*,
			ARRAY(SELECT during FROM openings_in(one.id, part) during)
				AS openings,
			(SELECT coalesce(range_agg(blocked), '{}') FROM appointment
				WHERE appointment.doctor = one.id AND is_live
					AND blocked && tstzrange(lower(part) - visit.before,
						upper(part) + visit.after)
					AND appointment.id IS DISTINCT FROM wished.moving
					AND NOT is_passing(appointment, wished.asker, at_now)) AS taken,
			(SELECT coalesce(range_agg(during), '{}') + busy FROM time_off
				WHERE time_off.doctor = one.id
					AND during && tstzrange(lower(part), upper(part) + visit.length))
				AS away,
			CASE WHEN wished.is_staff
					OR (type.notice_minutes = 0 AND type.ahead_days IS NULL) THEN part
				ELSE part * bookable(type, wished.zone) END AS allowed,
			CASE WHEN type.most_per_day IS NULL THEN '{}'
				ELSE full_days(one.id, type, part, wished) END AS full_days
		FROM unnest(doctors) one (id)
			CROSS JOIN LATERAL chosen_type(one.id, wished.visit_type,
				wished.moving_type) type
			CROSS JOIN LATERAL (SELECT type.minutes * interval '1 minute' AS length,
				least(type.minutes, (SELECT minutes FROM doctor
					WHERE doctor.person = one.id)) * interval '1 minute' AS step,
				type.before_minutes * interval '1 minute' AS before,
				(type.minutes + type.after_minutes) * interval '1 minute' AS after)
				visit)
	SELECT calendar.id, slot.start, calendar.visit_type, calendar.length
	FROM calendar CROSS JOIN LATERAL unnest(openings) opening (during)
		CROSS JOIN LATERAL generate_series(lower(opening.during) + step
			* greatest(0, ceil(extract(epoch FROM lower(part) - lower(opening.during))
				/ extract(epoch FROM step))),
			least(upper(opening.during) - calendar.length, upper(part)), step)
			slot (start)
	WHERE slot.start <@ allowed
		AND NOT taken && tstzrange(slot.start - before, slot.start + after)
		AND NOT away && tstzrange(slot.start, slot.start + calendar.length)
		AND NOT full_days @> slot.start
		AND NOT wished.repeated @> slot.start
		AND (at_any_time OR is_time((slot.start AT TIME ZONE wished.zone)::time,
			wished.time_from, wished.time_to))
		AND (cardinality(needs) = 0 OR has_rooms(needs,
			tstzrange(slot.start - before, slot.start + after), wished));
END $$;
COMMENT ON FUNCTION clinic.free_starts(bigint[], tstzrange, clinic.wish) IS
	'Some doctors'' free starts in a window (slots, doctors).';

CREATE FUNCTION clinic.is_time(at time, time_from time, time_to time)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN time_from = time_to THEN at = time_from
		WHEN time_from > time_to THEN at >= time_from OR at < time_to
		ELSE at >= coalesce(time_from, '00:00') AND at < coalesce(time_to, '24:00')
		END
$$;
COMMENT ON FUNCTION clinic.is_time(time, time, time) IS
	'Whether a time is in [from, to), or is that very time if both are equal.';

CREATE FUNCTION clinic.next_free(doctors bigint[], wished clinic.wish)
RETURNS TABLE (doctor bigint, start timestamptz)
LANGUAGE plpgsql STABLE AS $$
-- Looks at a day, then at a week, then a month, then at all of it: the first free
-- start is mostly near, and what is not looked at costs nothing.
#variable_conflict use_column
DECLARE
	left_over bigint[] := doctors;
	reach interval;
	part tstzrange := wished.span;
BEGIN
	FOREACH reach IN ARRAY ARRAY[interval '1 day', '7 days', '31 days', '10 years']
	LOOP
		part := wished.span * tstzrange(lower(part), lower(wished.span) + reach);
		EXIT WHEN isempty(part) OR cardinality(left_over) = 0;
		FOR doctor, start IN SELECT free.doctor, min(free.start)
			FROM free_starts(left_over, part, wished) free
			GROUP BY free.doctor
		LOOP
			left_over := array_remove(left_over, doctor);
			RETURN NEXT;
		END LOOP;
		part := tstzrange(upper(part), NULL);
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.next_free(bigint[], clinic.wish) IS
	'Each doctor''s first free start, if there is one (doctors).';

CREATE FUNCTION clinic.openings_put(which bigint, zone text, first_day date,
	last_day date, openings jsonb) RETURNS void
LANGUAGE plpgsql AS $$
-- Replaces a doctor's openings that begin on these days by new ones, given as
-- [["2026-12-01 09:00", "2026-12-01 13:00"], ...] in that zone. New ones that
-- overlap become one; what is not on these days, or has no length, is left out.
DECLARE
	days tstzrange := days_window(first_day, last_day, zone);
BEGIN
	IF jsonb_typeof(openings) IS DISTINCT FROM 'array'
		OR jsonb_array_length(openings) > 20000
	THEN
		RAISE EXCEPTION 'openings are a list of at most 20000 pairs'
			USING ERRCODE = 'CL001';
	END IF;
	DELETE FROM opening
	WHERE doctor = which AND during && days AND lower(during) <@ days;
	-- Openings that only touch stay two: each has a grid of its own.
	INSERT INTO opening (doctor, during)
	SELECT which, unnest(tstzmultirange(tstzrange(min(starts), max(ends)))
		- (SELECT coalesce(range_agg(during), '{}') FROM opening
			WHERE doctor = which AND during && tstzrange(min(starts), max(ends))))
	FROM (SELECT starts, ends, count(*) FILTER (WHERE is_first)
				OVER (ORDER BY starts, ends) AS island
			FROM (SELECT starts, ends, starts >= coalesce(max(ends) OVER (
						ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING
						AND 1 PRECEDING), '-infinity') AS is_first
				FROM (SELECT instant((pair ->> 0)::timestamp, zone) AS starts,
						instant((pair ->> 1)::timestamp, zone) AS ends
					FROM jsonb_array_elements(openings) pair) pairs
				WHERE starts < ends AND starts <@ days) ordered) islands
	GROUP BY island;
	PERFORM extras_put(which, days);
END $$;
COMMENT ON FUNCTION clinic.openings_put(bigint, text, date, date, jsonb) IS
	'Replaces a doctor''s openings on some days (hours_set, horizon_set).';

CREATE FUNCTION clinic.extras_put(which bigint, span tstzrange) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO opening (doctor, during, is_extra)
	SELECT which, unnest(tstzmultirange(extra.during) - (
		SELECT coalesce(range_agg(opening.during), '{}') FROM opening
		WHERE opening.doctor = which AND opening.during && extra.during)), true
	FROM extra_opening extra
	WHERE extra.doctor = which AND extra.during && span
$$;
COMMENT ON FUNCTION clinic.extras_put(bigint, tstzrange) IS
	'Opens what a doctor''s extra openings add to her openings in a window.';

CREATE FUNCTION clinic.extra_add(which bigint, wanted tstzrange) RETURNS void
LANGUAGE plpgsql AS $$
-- Adds an extra opening, or says why it cannot be. The doctor's lock is held.
DECLARE
	span tstzrange;
BEGIN
	IF isempty(wanted) OR lower(wanted) IS NULL OR upper(wanted) IS NULL
		OR NOT isfinite(lower(wanted)) OR NOT isfinite(upper(wanted))
		OR upper(wanted) - lower(wanted) > interval '24 hours'
	THEN
		RAISE EXCEPTION 'extra hours begin before they end, within a day'
			USING ERRCODE = 'CL001';
	ELSIF upper(wanted) <= clinic.now() THEN
		RAISE EXCEPTION 'that time is over' USING ERRCODE = 'CL001';
	ELSIF upper(wanted) > clinic.now() + interval '5 years' THEN
		RAISE EXCEPTION 'extra hours are within the next five years'
			USING ERRCODE = 'CL001';
	ELSIF NOT isempty(closed(wanted)) THEN
		RAISE EXCEPTION 'the clinic is closed then, see "holidays"'
			USING ERRCODE = 'CL004';
	ELSIF EXISTS (SELECT FROM time_off WHERE doctor = which AND during && wanted)
	THEN
		RAISE EXCEPTION 'you have time off then, write "remove off" first'
			USING ERRCODE = 'CL004';
	ELSIF wanted <@ ANY (SELECT during FROM opening
		WHERE doctor = which AND during && wanted)
	THEN
		RAISE EXCEPTION 'you work then already' USING ERRCODE = 'CL004';
	END IF;
	WITH gone AS (DELETE FROM extra_opening
		WHERE doctor = which AND during && wanted RETURNING during)
	SELECT range_merge(tstzmultirange(wanted) + coalesce(range_agg(during), '{}'))
	INTO span FROM gone;
	IF upper(span) - lower(span) > interval '24 hours' THEN
		RAISE EXCEPTION 'extra hours begin before they end, within a day'
			USING ERRCODE = 'CL001';
	END IF;
	INSERT INTO extra_opening (doctor, during) VALUES (which, span);
	PERFORM extras_put(which, span);
END $$;
COMMENT ON FUNCTION clinic.extra_add(bigint, tstzrange) IS
	'Adds an extra opening, or says why it cannot be (also_add).';

CREATE FUNCTION clinic.visits_outside(which bigint, in_zone text)
RETURNS TABLE (code text, patient_name text, starts text)
LANGUAGE plpgsql STABLE AS $$
-- A doctor's visits to come that are not, or not wholly, in her openings.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
	open tstzmultirange := (SELECT range_agg(during) FROM opening
		WHERE doctor = which AND during && tstzrange(at_now, NULL));
BEGIN
	RETURN QUERY SELECT appointment.code, person.name,
		local_text(lower(during), in_zone)
	FROM appointment JOIN person ON person.id = appointment.patient
	WHERE appointment.doctor = which AND lower(during) > at_now AND is_planned
		AND NOT coalesce(open, '{}') @> during
	ORDER BY during;
END $$;
COMMENT ON FUNCTION clinic.visits_outside(bigint, text) IS
	'A doctor''s visits that are outside her hours (hours_set, hours_outside).';

CREATE FUNCTION clinic.horizons_due()
RETURNS TABLE (doctor bigint, from_day date, through_day date, rrule text,
	starts text, ends text, first_day date, version bigint)
LANGUAGE plpgsql STABLE AS $$
-- The rules of each active doctor whose openings do not reach the horizon, and
-- the days that are missing.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT doctor.person,
		greatest(doctor.openings_through + 1, days.today),
		days.today + clinic.horizon_days, availability.rrule,
		time_text(availability.starts), time_text(availability.ends),
		availability.first_day, doctor.rules_version
	FROM clinic CROSS JOIN doctor
		CROSS JOIN LATERAL (SELECT (at_now
			AT TIME ZONE coalesce(doctor.zone, clinic.zone))::date AS today) days
		JOIN availability ON availability.doctor = doctor.person
	WHERE doctor.is_active AND (doctor.openings_through IS NULL
		OR doctor.openings_through < days.today + clinic.horizon_days)
	ORDER BY doctor.person, availability.id;
END $$;
COMMENT ON FUNCTION clinic.horizons_due() IS
	'Whose openings do not reach the horizon, and by which rules they are made.';
