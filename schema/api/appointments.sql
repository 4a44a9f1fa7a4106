-- appointments.sql - free times; booking, moving, cancelling; what is booked.

CREATE FUNCTION api.slots(actor text, of_doctor bigint, of_specialty bigint,
	day_from date, day_to date, time_from time, time_to time, after timestamptz,
	most integer, moving text)
RETURNS TABLE (doctor bigint, doctor_name text, starts_at text, starts text,
	ends text, fee text, currency text, comes_twice boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
-- Free starts, soonest first: of a doctor, of a specialty's doctors, of anybody;
-- on those days, at those times of the asker's zone; after a start. The visit
-- that is being moved blocks nothing; only its own start is not offered. Time is
-- looked at piece by piece, each longer than the one before, until there are
-- enough. A start that comes twice to the asker's clocks, in the night in which
-- they go back, is the first of the two. One plan serves every call: to plan anew would take longer than the work.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	moved appointment;
	wished wish := wish_of(days_window(day_from, day_to, who.zone)
		* tstzrange(greatest(clinic.now(), after), NULL, '()'), who.zone, time_from,
		time_to);
	doctors bigint[] := (SELECT array_agg(person) FROM doctor
		WHERE is_active AND (of_doctor IS NULL OR person = of_doctor)
			AND (of_specialty IS NULL OR EXISTS (SELECT FROM doctor_specialty
				WHERE doctor_specialty.doctor = person
					AND doctor_specialty.specialty = of_specialty)));
	reach interval := CASE WHEN cardinality(doctors) <= 3 THEN interval '7 days'
		WHEN cardinality(doctors) <= 100 THEN interval '1 day'
		ELSE interval '1 hour' END;
	span tstzrange := wished.span;
	part tstzrange;
	part_from timestamptz;
	wanted integer := least(coalesce(most, 10), 10000);
	found integer;
BEGIN
	IF moving IS NOT NULL THEN
		moved := appointment_get(moving, who.id);
	END IF;
	WHILE wanted > 0 AND doctors IS NOT NULL AND NOT isempty(span) LOOP
		-- Not through a night or a weekend: from where somebody works again.
		part := span * tstzrange(NULL, lower(span) + interval '7 days');
		SELECT min(greatest(lower(during), lower(part))) INTO part_from
		FROM unnest(doctors) one (id) CROSS JOIN LATERAL (SELECT during FROM opening
			WHERE opening.doctor = one.id AND during && part) opening;
		IF part_from IS NULL THEN
			span := span - part;
			CONTINUE;
		END IF;
		part := span * tstzrange(part_from, part_from + reach);
		RETURN QUERY WITH known AS MATERIALIZED (
			SELECT person.id, person.name, doctor.fee, doctor.currency
			FROM unnest(doctors) one (id) JOIN person ON person.id = one.id
				JOIN doctor ON doctor.person = one.id)
		SELECT known.id, doctor_title(known.name), instant_text(free.start),
			local_text(free.start, who.zone),
			local_text(free.start + free.step, who.zone), fee_text(known.fee),
			known.currency,
			free.start <> free.start AT TIME ZONE who.zone AT TIME ZONE who.zone
		FROM free_starts(doctors, part, wished, coalesce(moved.patient, who.id),
				moved.id) free
			JOIN known ON known.id = free.doctor
		WHERE free.start IS DISTINCT FROM lower(moved.during)
		ORDER BY free.start, known.name COLLATE "und-x-icu", known.id
		LIMIT wanted;
		GET DIAGNOSTICS found = ROW_COUNT;
		wanted := wanted - found;
		span := span * tstzrange(upper(part), NULL);
		reach := reach * 3;
	END LOOP;
END $$;
COMMENT ON FUNCTION api.slots(text, bigint, bigint, date, date, time, time,
	timestamptz, integer, text) IS 'Free starts, soonest first.';

CREATE FUNCTION api.book(actor text, of_doctor bigint, start_at timestamptz)
RETURNS TABLE (code text, doctor bigint, doctor_name text, patient_name text,
	starts_at text, starts text, ends text, zone text, fee text, currency text,
	reminders text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Books a free start for the patient who asks. Nobody may have more than twenty
-- visits to come: one account shall not take a doctor's whole calendar.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'patient');
	visit appointment;
BEGIN
	PERFORM doctor_lock(of_doctor);
	PERFORM patient_lock(who.id);
	IF (SELECT count(*) >= 20 FROM appointment
		WHERE patient = who.id AND during && tstzrange(clinic.now(), NULL) AND is_live)
	THEN
		RAISE EXCEPTION 'you have twenty visits to come already, please cancel '
			'one first or ask the clinic' USING ERRCODE = 'CL001';
	END IF;
	visit.during := slot_check(of_doctor, who.id, who.id, start_at, NULL);
	visit.doctor := of_doctor;
	visit.patient := who.id;
	visit.state := 'booked';
	SELECT doctor.fee, doctor.currency INTO visit.fee, visit.currency
	FROM doctor WHERE person = of_doctor;
	visit := appointment_put(visit, who.id);
	RETURN QUERY SELECT * FROM booking(visit.id, who.zone);
END $$;
COMMENT ON FUNCTION api.book(text, bigint, timestamptz) IS
	'Books a free start for the patient who asks.';

CREATE FUNCTION api.move(actor text, which text, start_at timestamptz)
RETURNS TABLE (code text, doctor bigint, doctor_name text, patient_name text,
	starts_at text, starts text, ends text, zone text, fee text, currency text,
	reminders text, was_starts text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Moves a visit to another free start of its doctor. Its patient, its doctor and
-- admins may.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := appointment_to_change(which, who.id);
	was tstzrange := visit.during;
BEGIN
	IF lower(was) = start_at THEN
		RAISE EXCEPTION 'the visit % is at that time already', quoted(visit.code)
			USING ERRCODE = 'CL004';
	END IF;
	visit.during := slot_check(visit.doctor, visit.patient, who.id, start_at,
		visit.id);
	visit := appointment_put(visit, who.id);
	RETURN QUERY SELECT booking.*, local_text(lower(was), who.zone)
	FROM booking(visit.id, who.zone);
END $$;
COMMENT ON FUNCTION api.move(text, text, timestamptz) IS
	'Moves a visit to another free start of its doctor.';

CREATE FUNCTION api.cancel(actor text, which text, because text)
RETURNS TABLE (code text, doctor bigint, doctor_name text, patient_name text,
	starts_at text, starts text, ends text, zone text, fee text, currency text,
	reminders text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Cancels a visit. Its patient, its doctor and admins may.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := appointment_to_change(which, who.id);
BEGIN
	visit.state := 'cancelled';
	visit.held_until := NULL;
	visit := appointment_put(visit, who.id, cleaned(because, 200));
	RETURN QUERY SELECT * FROM booking(visit.id, who.zone);
END $$;
COMMENT ON FUNCTION api.cancel(text, text, text) IS
	'Cancels a visit; the reason is kept.';

CREATE FUNCTION api.appointments(actor text, which text, of_doctor bigint)
RETURNS TABLE (code text, doctor bigint, doctor_name text, patient_name text,
	starts_at text, starts text, ends text, minutes integer, state text, fee text,
	currency text, is_mine_as_doctor boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A patient's live visits that have not ended (with a doctor), soonest first; or,
-- by its code, one visit in any state, which its doctor and admins may see too.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	one appointment;
	at_now timestamptz := clinic.now();
	ids bigint[];
BEGIN
	IF which IS NOT NULL THEN
		one := appointment_get(which, who.id);
		ids := ARRAY[one.id];
	ELSE
		SELECT array_agg(id) INTO ids FROM appointment
		WHERE patient = who.id AND during && tstzrange(at_now, NULL) AND is_live;
	END IF;
	RETURN QUERY SELECT appointment.code, appointment.doctor,
		doctor_title(doctor.name), patient.name, instant_text(lower(during)),
		local_text(lower(during), who.zone), local_text(upper(during), who.zone),
		(extract(epoch FROM upper(during) - lower(during)) / 60)::integer,
		appointment.state::text, fee_text(appointment.fee), appointment.currency,
		appointment.doctor = who.id
	FROM appointment
		JOIN person doctor ON doctor.id = appointment.doctor
		JOIN person patient ON patient.id = appointment.patient
	WHERE appointment.id = ANY (ids)
		AND (of_doctor IS NULL OR appointment.doctor = of_doctor)
	ORDER BY appointment.during, appointment.id;
END $$;
COMMENT ON FUNCTION api.appointments(text, text, bigint) IS
	'A patient''s visits to come, or the visit with a code.';

CREATE FUNCTION api.agenda(actor text, day_from date, day_to date,
	most integer DEFAULT NULL, skip integer DEFAULT NULL)
RETURNS TABLE (code text, day text, patient_name text, starts text, ends text,
	state text, is_started boolean, expected text, is_confirmed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor's live visits that begin on some days of her zone; NULL is today. At
-- most so many (NULL: all), after so many.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	today date := (clinic.now() AT TIME ZONE who.zone)::date;
	span tstzrange := days_window(coalesce(day_from, today),
		coalesce(day_to, day_from, today), who.zone);
BEGIN
	RETURN QUERY SELECT appointment.code,
		left(local_text(lower(during), who.zone), 10), person.name,
		local_text(lower(during), who.zone), local_text(upper(during), who.zone),
		appointment.state::text, appointment.started_at IS NOT NULL,
		local_text(lower(expected(appointment)), who.zone),
		appointment.confirmed_at IS NOT NULL
	FROM appointment JOIN person ON person.id = appointment.patient
	WHERE appointment.doctor = who.id AND during && span
		AND lower(during) <@ span AND is_live
	ORDER BY during LIMIT most OFFSET greatest(coalesce(skip, 0), 0);
END $$;
COMMENT ON FUNCTION api.agenda(text, date, date, integer, integer) IS
	'A doctor''s visits on some days.';

CREATE FUNCTION api.next_visit(actor text)
RETURNS TABLE (code text, day text, patient_name text, starts text, ends text,
	state text, is_started boolean, expected text, is_confirmed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor's next visit: whoever has waited longest today, or the first that has
-- not ended; not one that she has begun.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	at_now timestamptz := clinic.now();
	today date := (at_now AT TIME ZONE who.zone)::date;
	midnight timestamptz := lower(days_window(today, today, who.zone));
BEGIN
	RETURN QUERY SELECT appointment.code,
		left(local_text(lower(during), who.zone), 10), person.name,
		local_text(lower(during), who.zone), local_text(upper(during), who.zone),
		appointment.state::text, false,
		local_text(lower(expected(appointment)), who.zone),
		appointment.confirmed_at IS NOT NULL
	FROM appointment JOIN person ON person.id = appointment.patient
	WHERE appointment.doctor = who.id AND during && tstzrange(midnight, NULL)
		AND is_live AND started_at IS NULL
		AND (upper(during) > at_now OR appointment.state = 'arrived')
	ORDER BY during LIMIT 1;
END $$;
COMMENT ON FUNCTION api.next_visit(text) IS
	'A doctor''s next visit that has not begun.';
