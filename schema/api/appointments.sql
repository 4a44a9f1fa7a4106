-- appointments.sql - free times; booking, moving, cancelling; what is booked.

CREATE FUNCTION api.slots(actor text, of_doctor bigint, of_specialty bigint,
	day_from date, day_to date, time_from time, time_to time, after timestamptz,
	most integer, moving text, of_type text DEFAULT NULL,
	of_patient bigint DEFAULT NULL)
RETURNS TABLE (doctor bigint, doctor_name text, starts_at text, starts text,
	ends text, fee text, currency text, comes_twice boolean, visit_type text,
	is_video boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
-- Free starts, soonest first: of a doctor, of a specialty's doctors, of anybody;
-- for a type of visit (NULL: the usual one); on those days, at those times of the
-- asker's zone; after a start. The visit that is being moved blocks nothing; only
-- its own start is not offered. Of several doctors who are free at the same time
-- it is the turn of whoever was booked longest ago. Time is looked at piece by
-- piece, each longer than the one before, until there are enough; and in each not
-- at a crowd of more than 64 doctors who work then, but at those whose turn it is,
-- and at the others if these have nothing. A start that comes twice to the asker's
-- clocks, in the night in which they go back, is the first of the two. One plan
-- serves every call: to plan anew would take longer than the work.
#variable_conflict use_column
DECLARE
	crowd integer := 64;
	who person := asker(actor);
	moved appointment;
	wished wish := wish_of(who, coalesce(of_patient, who.id),
		days_window(day_from, day_to, who.zone)
			* tstzrange(greatest(clinic.now(), after), NULL, '()'),
		time_from, time_to, of_type);
	doctors bigint[] := doctors_asked(of_doctor, of_specialty);
	reach interval := CASE WHEN cardinality(doctors) <= 3 THEN interval '7 days'
		WHEN cardinality(doctors) <= crowd THEN interval '1 day'
		ELSE interval '1 hour' END;
	span tstzrange := wished.span;
	part tstzrange;
	part_from timestamptz;
	wanted integer := least(coalesce(most, 10), 10000);
	found integer;
BEGIN
	IF moving IS NOT NULL THEN
		moved := appointment_get(moving, who.id);
		wished := wish_to_move(wished, moved);
	ELSIF of_patient IS NOT NULL THEN
		wished.patient := patient_for(who, of_patient);
	END IF;
	wished.is_staff := wished.is_staff OR coalesce(is_staff_of(who.id, of_doctor),
		false);
	WHILE wanted > 0 AND doctors IS NOT NULL AND NOT isempty(span) LOOP
		-- Not through a night or a weekend: from where somebody works again.
		part := span * tstzrange(NULL, lower(span) + interval '7 days');
		part_from := work_from(doctors, part);
		IF part_from IS NULL THEN
			span := span - part;
			CONTINUE;
		END IF;
		part := span * tstzrange(part_from, part_from + reach);
		RETURN QUERY WITH free AS (
			SELECT DISTINCT ON (free.start) free.*
			FROM free_starts(working(doctors, part, crowd), part, wished) free
			WHERE free.start IS DISTINCT FROM lower(moved.during)
			ORDER BY free.start, array_position(doctors, free.doctor)
			LIMIT wanted)
		SELECT free.doctor, doctor_title(person.name), instant_text(free.start),
			local_text(free.start, who.zone),
			local_text(free.start + free.length, who.zone), fee_text(type.fee),
			type.currency,
			free.start <> free.start AT TIME ZONE who.zone AT TIME ZONE who.zone,
			type.name, type.is_video
		FROM free JOIN person ON person.id = free.doctor
			JOIN visit_type type ON type.id = free.visit_type
		ORDER BY free.start;
		GET DIAGNOSTICS found = ROW_COUNT;
		IF found = 0 AND crowd < cardinality(doctors) THEN
			crowd := crowd * 4;
			CONTINUE;
		END IF;
		wanted := wanted - found;
		span := span * tstzrange(upper(part), NULL);
		reach := reach * 3;
	END LOOP;
END $$;
COMMENT ON FUNCTION api.slots(text, bigint, bigint, date, date, time, time,
	timestamptz, integer, text, text, bigint) IS 'Free starts, soonest first.';

CREATE FUNCTION api.hold(actor text, of_doctor bigint, start_at timestamptz,
	of_type text, of_patient bigint, moving text)
RETURNS TABLE (doctor_name text, patient_name text, starts text, ends text,
	fee text, currency text, visit_type text, is_video boolean, minutes integer,
	needs_approval boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- Holds a free start for some minutes, while its patient is asked whether to book
-- it or to move a visit to it. To everybody else it is taken. Who asks holds one
-- time: what they held before is free again.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	moved appointment;
	visit appointment;
	wished wish;
	hold_minutes integer := (SELECT hold_minutes FROM clinic);
BEGIN
	IF moving IS NOT NULL THEN
		moved := appointment_to_change(moving, who.id, 'move');
		wished := wish_to_move(wish_of(who, moved.patient, NULL, NULL, NULL, NULL),
			moved);
	ELSE
		wished := wish_of(who, patient_for(who, of_patient), NULL, NULL, NULL,
			of_type);
		wished.is_staff := is_staff_of(who.id, of_doctor);
		PERFORM doctor_lock(of_doctor);
		PERFORM patient_lock(wished.patient);
	END IF;
	visit := slot_check(coalesce(moved.doctor, of_doctor), wished, start_at);
	PERFORM holds_end(who.id);
	visit.state := 'held';
	visit.expires_at := clinic.now() + hold_minutes * interval '1 minute';
	IF moved.id IS NOT NULL THEN
		visit.blocked := rest_of(visit.blocked, moved.blocked);
	END IF;
	visit := appointment_put(visit, who.id);
	RETURN QUERY SELECT said.doctor_name, said.patient_name, said.starts, said.ends,
		said.fee, said.currency, said.visit_type, said.is_video, hold_minutes,
		moved.id IS NULL AND needs_approval(of_doctor, wished)
	FROM booking(visit.id, who.zone) said;
END $$;
COMMENT ON FUNCTION api.hold(text, bigint, timestamptz, text, bigint, text) IS
	'Holds a free start while its patient is asked whether to book it.';

CREATE FUNCTION api.release(actor text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What the asker held is free again.
DECLARE
	who person := asker(actor);
BEGIN
	PERFORM holds_end(who.id);
END $$;
COMMENT ON FUNCTION api.release(text) IS 'What the asker held is free again.';

CREATE FUNCTION api.book(actor text, of_doctor bigint, start_at timestamptz,
	of_type text DEFAULT NULL, of_patient bigint DEFAULT NULL)
RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- Books a free start, or what was held: for who asks, or for a patient for whom
-- they may act. Where the doctor says yes or no first it becomes a request. The
-- same asked again returns the same visit. Nobody may have more than twenty visits
-- to come: one account shall not take a doctor's whole calendar.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment;
	made said;
BEGIN
	visit.patient := patient_for(who, of_patient);
	PERFORM doctor_lock(of_doctor);
	PERFORM patient_lock(visit.patient);
	SELECT * INTO made FROM booking((SELECT id FROM appointment
		WHERE patient = visit.patient AND doctor = of_doctor AND is_planned
			AND during && tstzrange(start_at, start_at, '[]')
			AND lower(during) = start_at), who.zone);
	IF made.code IS NULL THEN
		visit := visit_book(who, of_doctor, visit.patient, of_type, start_at, NULL);
		PERFORM acted_for(actor, who.id, 'book', visit);
		made := booking(visit.id, who.zone);
	ELSE
		made.is_again := true;
	END IF;
	RETURN NEXT made;
END $$;
COMMENT ON FUNCTION api.book(text, bigint, timestamptz, text, bigint) IS
	'Books a free start, or asks the doctor for it.';

CREATE FUNCTION api.move(actor text, which text, start_at timestamptz)
RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- Moves a visit to another free start of its doctor, in one step: the old time is
-- kept until the new one is sure. Its patient, its doctor and admins may. A request
-- asks anew, or is agreed to when the doctor moves it. The same asked again changes
-- nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := appointment_to_change(which, who.id, 'move');
	was tstzrange := visit.during;
	there appointment;
	made said;
BEGIN
	IF lower(was) <> start_at THEN
		there := slot_check(visit.doctor, wish_to_move(
			wish_of(who, visit.patient, NULL, NULL, NULL, NULL), visit), start_at);
		PERFORM holds_end(who.id);
		visit.during := there.during;
		visit.blocked := there.blocked;
		IF visit.state = 'requested' AND is_staff_of(who.id, visit.doctor) THEN
			visit.state := 'booked';
			visit.expires_at := NULL;
		ELSIF visit.state = 'requested' THEN
			visit.expires_at := request_ends(visit);
		END IF;
		visit := appointment_put(visit, who.id);
		PERFORM acted_for(actor, who.id, 'move', visit);
	END IF;
	made := booking(visit.id, who.zone);
	made.is_again := lower(was) = start_at;
	made.was_starts := local_text(lower(was), who.zone);
	RETURN NEXT made;
END $$;
COMMENT ON FUNCTION api.move(text, text, timestamptz) IS
	'Moves a visit to another free start of its doctor.';

CREATE FUNCTION api.cancel(actor text, which text, because text)
RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- Cancels a visit. Its patient, its doctor and admins may; once more, soon after,
-- changes nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := appointment_get(which, who.id);
	made said;
	is_again boolean := visit.state = 'cancelled' AND EXISTS (
		SELECT FROM appointment_event
		WHERE appointment = visit.id AND state = 'cancelled'
			AND actor = who.id AND at > clinic.now() - interval '10 minutes');
BEGIN
	IF NOT is_again THEN
		visit := appointment_to_change(which, who.id, 'cancel');
		visit.state := 'cancelled';
		visit.expires_at := NULL;
		visit := appointment_put(visit, who.id, cleaned(because, 200));
		PERFORM acted_for(actor, who.id, 'cancel', visit);
	END IF;
	made := booking(visit.id, who.zone);
	made.is_again := is_again;
	RETURN NEXT made;
END $$;
COMMENT ON FUNCTION api.cancel(text, text, text) IS
	'Cancels a visit; the reason is kept.';

CREATE FUNCTION api.appointments(actor text, which text, of_doctor bigint)
RETURNS TABLE (code text, doctor bigint, doctor_name text, patient_name text,
	starts_at text, starts text, ends text, minutes integer, state text, fee text,
	currency text, is_mine_as_doctor boolean, visit_type text, is_usual boolean,
	is_video boolean, patient bigint, is_for_other boolean, following integer,
	until text, series bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- A patient's planned visits that have not ended (with a doctor), soonest first,
-- and those of their dependants; or, by its code, one visit in any state, which
-- its doctor and admins may see too. is_usual: its type is the doctor's usual one;
-- following: so many visits of its series come after it; until: when a request
-- ends if its doctor does not answer.
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
		SELECT array_agg(appointment.id) INTO ids
		FROM (SELECT id FROM person WHERE id = who.id OR guardian = who.id) mine
			JOIN appointment ON appointment.patient = mine.id
		WHERE during && tstzrange(at_now, NULL) AND is_planned;
	END IF;
	RETURN QUERY SELECT appointment.code, appointment.doctor,
		doctor_title(doctor.name), patient.name, instant_text(lower(during)),
		local_text(lower(during), who.zone), local_text(upper(during), who.zone),
		(extract(epoch FROM upper(during) - lower(during)) / 60)::integer,
		appointment.state::text, fee_text(appointment.fee), appointment.currency,
		appointment.doctor = who.id, visit_type.name,
		visit_type.id = usual.id, appointment.is_video, appointment.patient,
		patient.guardian IS NOT DISTINCT FROM who.id,
		CASE WHEN appointment.series IS NULL THEN 0
			ELSE (SELECT count(*)::integer
				FROM series_from(appointment) later
				WHERE later.id <> appointment.id) END,
		CASE WHEN appointment.state = 'requested'
			THEN local_text(appointment.expires_at, who.zone) END,
		appointment.series
	FROM appointment
		JOIN person doctor ON doctor.id = appointment.doctor
		JOIN person patient ON patient.id = appointment.patient
		JOIN visit_type ON visit_type.id = appointment.visit_type
		LEFT JOIN LATERAL chosen_type(appointment.doctor, NULL, NULL) usual ON true
	WHERE appointment.id = ANY (ids)
		AND (of_doctor IS NULL OR appointment.doctor = of_doctor)
	ORDER BY appointment.during, appointment.id;
END $$;
COMMENT ON FUNCTION api.appointments(text, text, bigint) IS
	'A patient''s visits to come, or the visit with a code.';

CREATE FUNCTION api.visits_of(actor text, words text)
RETURNS TABLE (code text, doctor bigint, doctor_name text, patient_name text,
	starts_at text, starts text, ends text, minutes integer, state text, fee text,
	currency text, is_mine_as_doctor boolean, visit_type text, is_usual boolean,
	is_video boolean, patient bigint, is_for_other boolean, following integer,
	until text, series bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The planned visits that have not ended of the patients whose name has each of the
-- words, soonest first, at most fifty. For admins.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT told.* FROM (
		SELECT appointment.code FROM person
			JOIN appointment ON appointment.patient = person.id
		WHERE during && tstzrange(at_now, NULL) AND is_planned
			AND NOT EXISTS (SELECT FROM unnest(string_to_array(
					btrim(plain(left(words, 200))), ' ')) word
				WHERE strpos(' ' || plain(person.name), ' ' || word) = 0)
		ORDER BY during, appointment.id LIMIT 50) found
	CROSS JOIN LATERAL api.appointments(actor, found.code, NULL) told
	ORDER BY told.starts_at, told.code;
END $$;
COMMENT ON FUNCTION api.visits_of(text, text) IS
	'The visits to come of patients by words of their name, for admins.';

CREATE FUNCTION api.agenda(actor text, day_from date, day_to date,
	most integer DEFAULT NULL, skip integer DEFAULT NULL)
RETURNS TABLE (code text, day text, patient_name text, starts text, ends text,
	state text, is_started boolean, expected text, is_confirmed boolean,
	kind text, is_video boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- A doctor's live visits that begin on some days of her zone; NULL is today. At
-- most so many (NULL: all), after so many. kind: what it is; NULL where she has one
-- kind alone.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	today date := (clinic.now() AT TIME ZONE who.zone)::date;
	span tstzrange := days_window(coalesce(day_from, today),
		coalesce(day_to, day_from, today), who.zone);
	has_kinds boolean := has_kinds(who.id);
BEGIN
	RETURN QUERY SELECT appointment.code,
		left(local_text(lower(during), who.zone), 10), person.name,
		local_text(lower(during), who.zone), local_text(upper(during), who.zone),
		appointment.state::text, appointment.started_at IS NOT NULL,
		local_text(lower(expected(appointment)), who.zone),
		appointment.confirmed_at IS NOT NULL, visit_type.name,
		appointment.is_video
	FROM appointment JOIN person ON person.id = appointment.patient
		LEFT JOIN visit_type ON visit_type.id = appointment.visit_type AND has_kinds
	WHERE appointment.doctor = who.id AND lower(during) >= lower(span)
		AND lower(during) < upper(span) AND is_planned
	ORDER BY during LIMIT most OFFSET greatest(coalesce(skip, 0), 0);
END $$;
COMMENT ON FUNCTION api.agenda(text, date, date, integer, integer) IS
	'A doctor''s visits on some days.';

CREATE FUNCTION api.next_visit(actor text)
RETURNS TABLE (code text, day text, patient_name text, starts text, ends text,
	state text, is_started boolean, expected text, is_confirmed boolean,
	kind text, is_video boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
-- A doctor's next visit: whoever has waited longest today, or the first that has
-- not ended; not one that she has begun. kind: as in api.agenda.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	at_now timestamptz := clinic.now();
	today date := (at_now AT TIME ZONE who.zone)::date;
	midnight timestamptz := lower(days_window(today, today, who.zone));
BEGIN
	RETURN QUERY SELECT appointment.code,
		left(local_text(lower(during), who.zone), 10), patient_title(person.id),
		local_text(lower(during), who.zone), local_text(upper(during), who.zone),
		appointment.state::text, false,
		local_text(lower(expected(appointment)), who.zone),
		appointment.confirmed_at IS NOT NULL, visit_type.name,
		appointment.is_video
	FROM appointment JOIN person ON person.id = appointment.patient
		LEFT JOIN visit_type ON visit_type.id = appointment.visit_type
			AND has_kinds(who.id)
	WHERE appointment.doctor = who.id AND lower(during) >= midnight
		AND appointment.state IN ('booked', 'arrived') AND started_at IS NULL
		AND (upper(during) > at_now OR appointment.state = 'arrived')
	ORDER BY during LIMIT 1;
END $$;
COMMENT ON FUNCTION api.next_visit(text) IS
	'A doctor''s next visit that has not begun.';
