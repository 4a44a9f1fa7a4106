-- why.sql - why a doctor cannot be booked at some time.

CREATE FUNCTION api.why_not(actor text, of_doctor bigint, at_local timestamp,
	of_type text DEFAULT NULL, of_patient bigint DEFAULT NULL)
RETURNS TABLE (reason text, code text, patient_name text, starts text, ends text,
	note text, doctor_name text, zone text, is_full boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What stands in the way of a visit of a type (NULL: the usual one) for a patient
-- (NULL: the asker) that starts then, by the asker's clock, what is said first
-- first: 'past', 'own' (a visit of the patient, with its code), 'closed', 'off',
-- 'hours' (no opening then), 'notice' (it is bookable from "starts"), 'ahead' (until
-- "starts"), 'booked', 'held', 'most' (the day has as many of its type as there may
-- be), 'room' (the kinds of rooms are in "note"), 'short' (the visit would not end
-- in the opening), 'grid' (visits start at "starts" and "ends"), 'beyond' (the last
-- day that can be booked is in "starts"); 'free' when nothing is. Buffers are part
-- of a visit; staff need not keep notice.
-- The doctor herself and admins get everything, with whose visit it is, why she
-- is off, and then her hours: 'opening' that day, and 'rule' with the recurrence
-- in "note", its first day in "code" and its times as they were written in
-- "zone"; is_full says so. Others get the first reason, and nothing of anybody else.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	at_now timestamptz := clinic.now();
	of doctor;
	type visit_type;
	for_patient bigint := CASE WHEN of_patient IS NULL THEN who.id
		ELSE patient_for(who, of_patient) END;
	wished wish := wish_of(who, for_patient, NULL, NULL, NULL, of_type);
	bookable tstzrange;
	title text;
	hours_zone text := doctor_zone(of_doctor);
	start timestamptz := instant(at_local, who.zone);
	visit tstzrange;
	step interval;
	length interval;
	day tstzrange;
	last_day date;
	open opening;
	is_staff boolean := has_role(who.id, 'admin')
		OR (who.id = of_doctor AND has_role(who.id, 'doctor'));
BEGIN
	SELECT * INTO of FROM doctor WHERE person = of_doctor;
	IF of.is_active IS NOT TRUE THEN
		RAISE EXCEPTION 'there is no such doctor' USING ERRCODE = 'CL003';
	ELSIF start IS NULL OR NOT isfinite(start) THEN
		RAISE EXCEPTION 'a visit needs a time' USING ERRCODE = 'CL001';
	END IF;
	SELECT doctor_title(person.name) INTO title FROM person WHERE id = of_doctor;
	SELECT * INTO type FROM chosen_type(of_doctor, wished.visit_type, NULL);
	IF type.id IS NULL THEN
		RAISE EXCEPTION 'there is no visit % with that doctor', quoted(of_type)
			USING ERRCODE = 'CL003';
	END IF;
	step := least(of.minutes, type.minutes) * interval '1 minute';
	length := type.minutes * interval '1 minute';
	visit := tstzrange(start, start + length);
	bookable := bookable(type, who.zone);
	last_day := (at_now AT TIME ZONE hours_zone)::date
		+ (SELECT horizon_days FROM clinic);
	day := days_window(at_local::date, at_local::date, who.zone);
	SELECT * INTO open FROM opening
	WHERE opening.doctor = of_doctor AND during && visit AND during @> start;
	RETURN QUERY WITH reasons (place, reason, code, patient_name, span, note) AS (
		SELECT 1, 'past', NULL, NULL, NULL::tstzrange, NULL
		WHERE start <= at_now
		UNION ALL SELECT 2, 'own', appointment.code, NULL, during, NULL
		FROM appointment WHERE patient = for_patient AND during && visit AND is_planned
		UNION ALL SELECT 3, 'closed', NULL, NULL, during, NULL
		FROM holiday WHERE during && visit
		UNION ALL SELECT 4, 'off', NULL, NULL, during, time_off.reason
		FROM time_off WHERE time_off.doctor = of_doctor AND during && visit
		UNION ALL SELECT 5, 'beyond', NULL, NULL, tstzrange(
			instant(last_day::timestamp, who.zone), NULL), NULL
		WHERE (start AT TIME ZONE hours_zone)::date > last_day
		UNION ALL SELECT 6, 'hours', NULL, NULL, NULL, NULL
		WHERE open.doctor IS NULL
			AND (start AT TIME ZONE hours_zone)::date <= last_day
			AND start > at_now
		UNION ALL SELECT 7, 'notice', NULL, NULL, tstzrange(lower(bookable), NULL),
			NULL
		WHERE start > at_now AND start < lower(bookable) AND NOT is_staff
		UNION ALL SELECT 7, 'ahead', NULL, NULL,
			tstzrange(upper(bookable) - interval '1 minute', NULL), NULL
		WHERE start >= upper(bookable) AND NOT is_staff
		UNION ALL SELECT 8, CASE WHEN appointment.state = 'held' THEN 'held'
			ELSE 'booked' END, appointment.code, person.name, during, NULL
		FROM appointment JOIN person ON person.id = patient
		WHERE appointment.doctor = of_doctor AND blocked && buffered(visit, type)
			AND is_live AND NOT is_passing(appointment, who.id, at_now)
			AND patient <> who.id
		UNION ALL SELECT 8, 'most', NULL, NULL, NULL, type.most_per_day::text
		WHERE type.most_per_day IS NOT NULL
			AND full_days(of_doctor, type, visit, wished) @> start
		UNION ALL SELECT 8, 'room', NULL, NULL, NULL,
			array_to_string(type.needs, ', ')
		WHERE NOT has_rooms(type.needs, buffered(visit, type), wished)
		UNION ALL SELECT 9, 'short', NULL, NULL, open.during, NULL
		WHERE NOT open.during @> visit
		UNION ALL SELECT 10, 'grid', NULL, NULL, tstzrange(start - back,
			CASE WHEN start - back + step + length <= upper(open.during)
				THEN start - back + step END), NULL
		FROM (SELECT (extract(epoch FROM start - lower(open.during))::bigint
			% extract(epoch FROM step)::bigint) * interval '1 second' AS back) grid
		WHERE open.during @> visit AND back > interval '0'
	), found AS (
		SELECT * FROM reasons
		UNION ALL SELECT 11, 'free', NULL, NULL, NULL, NULL
		WHERE NOT EXISTS (SELECT FROM reasons)
		ORDER BY 1, 5 LIMIT CASE WHEN is_staff THEN 100 ELSE 1 END
	)
	SELECT found.reason, CASE WHEN is_staff OR found.reason = 'own'
			THEN found.code END,
		CASE WHEN is_staff THEN found.patient_name END,
		CASE WHEN is_staff OR found.reason IN ('own', 'beyond', 'grid', 'closed',
				'notice', 'ahead')
			THEN local_text(lower(span), who.zone) END,
		CASE WHEN is_staff OR found.reason IN ('own', 'grid', 'closed')
			THEN local_text(upper(span), who.zone) END,
		CASE WHEN is_staff THEN found.note END, title, who.zone, is_staff
	FROM found ORDER BY found.place, found.span;
	IF is_staff THEN
		RETURN QUERY SELECT 'opening', CASE WHEN is_extra THEN 'extra' END, NULL,
			local_text(lower(during), who.zone), local_text(upper(during), who.zone),
			NULL, title, who.zone, true
		FROM opening WHERE opening.doctor = of_doctor AND during && day
		ORDER BY during;
		RETURN QUERY SELECT 'rule', availability.first_day::text, NULL,
			time_text(availability.starts), time_text(availability.ends), rrule,
			title, hours_zone, true
		FROM availability WHERE availability.doctor = of_doctor
		ORDER BY availability.id;
	END IF;
END $$;
COMMENT ON FUNCTION api.why_not(text, bigint, timestamp, text, bigint) IS
	'Why a doctor cannot be booked at some time: in general, to staff in full.';
