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
		WHERE patient = who AND during && span AND is_live
			AND id IS DISTINCT FROM moving), '{}');
END $$;
COMMENT ON FUNCTION clinic.patient_busy(bigint, tstzrange, bigint) IS
	'When a patient has other visits.';

CREATE FUNCTION clinic.free_starts(
	which bigint,           -- the doctor
	step interval,          -- a visit's length, and the grid's
	span tstzrange,         -- starts are in this
	busy tstzmultirange,    -- when the patient cannot
	moving bigint           -- an appointment that blocks nothing, or NULL
) RETURNS SETOF timestamptz
LANGUAGE plpgsql STABLE AS $$
-- Where a visit may start: on the grid of each opening, from its begin in steps
-- of a visit's length, with the whole visit inside it and in nobody's way.
DECLARE
	around tstzrange := tstzrange(lower(span), upper(span) + step);
	taken tstzmultirange;
BEGIN
	IF NOT EXISTS (SELECT FROM opening WHERE doctor = which AND during && span) THEN
		RETURN;
	END IF;
	SELECT coalesce(range_agg(during), '{}') + busy INTO taken FROM (
		SELECT during FROM appointment
		WHERE doctor = which AND during && around AND is_live
			AND id IS DISTINCT FROM moving
		UNION ALL
		SELECT during FROM time_off WHERE doctor = which AND during && around
	) blocks;
	RETURN QUERY SELECT start
		FROM opening CROSS JOIN LATERAL generate_series(
			lower(during) + step * greatest(0, ceil(extract(epoch FROM
				lower(span) - lower(during)) / extract(epoch FROM step))),
			least(upper(during) - step, upper(span)), step) start
		WHERE doctor = which AND during && span AND start <@ span
			AND NOT taken && tstzrange(start, start + step);
END $$;
COMMENT ON FUNCTION
	clinic.free_starts(bigint, interval, tstzrange, tstzmultirange, bigint) IS
	'A doctor''s free starts in a window (slots, doctors).';

CREATE FUNCTION clinic.suits(start timestamptz, zone text, time_from time,
	time_to time) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
-- Whether a start may be offered: at that time of the asker's day, and not in
-- the second of two equal hours, where it would look like the first.
DECLARE
	local timestamp := start AT TIME ZONE zone;
	at time := local::time;
BEGIN
	IF time_from = time_to THEN
		IF at <> time_from THEN
			RETURN false;
		END IF;
	ELSIF time_from > time_to THEN
		IF at < time_from AND at >= time_to THEN
			RETURN false;
		END IF;
	ELSIF at < time_from OR at >= time_to THEN
		RETURN false;
	END IF;
	RETURN clinic.instant(local, zone) = start;
END $$;
COMMENT ON FUNCTION clinic.suits(timestamptz, text, time, time) IS
	'Whether a start is at the time of day that was asked for.';

CREATE FUNCTION clinic.next_free(which bigint, step interval, span tstzrange,
	who bigint, zone text, time_from time, time_to time) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
-- Looks at a day, then at a week, then a month, then at all of it: the first free
-- start is mostly near, and what is not looked at costs nothing.
DECLARE
	reach interval;
	part tstzrange;
	part_from timestamptz := lower(span);
	found timestamptz;
BEGIN
	FOREACH reach IN ARRAY ARRAY[interval '1 day', '7 days', '31 days', '10 years']
	LOOP
		part := tstzrange(part_from, lower(span) + reach) * span;
		EXIT WHEN isempty(part);
		SELECT min(start) INTO found
		FROM free_starts(which, step, part, patient_busy(who, part, NULL), NULL)
			start
		WHERE suits(start, zone, time_from, time_to);
		EXIT WHEN found IS NOT NULL;
		part_from := upper(part);
	END LOOP;
	RETURN found;
END $$;
COMMENT ON FUNCTION clinic.next_free(bigint, interval, tstzrange, bigint, text,
	time, time) IS 'A doctor''s first free start in a window (doctors).';

CREATE FUNCTION clinic.openings_put(which bigint, zone text, first_day date,
	last_day date, openings jsonb) RETURNS void
LANGUAGE plpgsql AS $$
-- Replaces a doctor's openings that begin on these days by new ones, given as
-- [["2026-12-01 09:00", "2026-12-01 13:00"], ...] in that zone. New ones that
-- overlap become one; what is not on these days, or has no length, is left out.
DECLARE
	days tstzrange := days_window(first_day, last_day, zone);
	fresh tstzmultirange;
BEGIN
	IF jsonb_typeof(openings) IS DISTINCT FROM 'array'
		OR jsonb_array_length(openings) > 20000
	THEN
		RAISE EXCEPTION 'openings are a list of at most 20000 pairs'
			USING ERRCODE = 'CL001';
	END IF;
	DELETE FROM opening
	WHERE doctor = which AND during && days AND lower(during) <@ days;
	SELECT range_agg(tstzrange(starts, ends)) INTO fresh FROM (
		SELECT instant((pair ->> 0)::timestamp, zone) AS starts,
			instant((pair ->> 1)::timestamp, zone) AS ends
		FROM jsonb_array_elements(openings) pair) pairs
	WHERE starts < ends AND starts <@ days;
	SELECT fresh - coalesce(range_agg(during), '{}') INTO fresh
	FROM opening WHERE doctor = which AND during && range_merge(fresh);
	INSERT INTO opening (doctor, during) SELECT which, unnest(fresh);
END $$;
COMMENT ON FUNCTION clinic.openings_put(bigint, text, date, date, jsonb) IS
	'Replaces a doctor''s openings on some days (hours_set, horizon_set).';
