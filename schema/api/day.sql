-- day.sql - the day of a doctor, and what was before it.

CREATE FUNCTION api.day(actor text, is_everybody boolean, words text)
RETURNS TABLE (code text, doctor_name text, patient_name text, day text,
	starts text, ends text, state text, is_started boolean, has_begun boolean,
	expected text, is_confirmed boolean, kind text, is_video boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Today's visits in every state but cancelled: a doctor's own, or for an admin
-- those of all doctors. Words: only patients with one of them in their name. kind: as
-- in api.agenda.
#variable_conflict use_column
DECLARE
	who person := asker(actor, CASE WHEN is_everybody THEN 'admin' ELSE 'doctor'
		END::role_name);
	at_now timestamptz := clinic.now();
	today date := (at_now AT TIME ZONE who.zone)::date;
	span tstzrange := days_window(today, today, who.zone);
	sought text[] := string_to_array(nullif(btrim(plain(left(words, 200))), ''),
		' ');
BEGIN
	RETURN QUERY SELECT appointment.code, doctor_title(doctor_person.name),
		person.name, left(local_text(lower(during), who.zone), 10),
		local_text(lower(during), who.zone), local_text(upper(during), who.zone),
		appointment.state::text, appointment.started_at IS NOT NULL,
		lower(during) <= at_now,
		local_text(lower(expected(appointment)), who.zone),
		appointment.confirmed_at IS NOT NULL, visit_type.name,
		appointment.is_video
	FROM doctor JOIN appointment ON appointment.doctor = doctor.person
		JOIN person ON person.id = appointment.patient
		JOIN person doctor_person ON doctor_person.id = doctor.person
		LEFT JOIN visit_type ON visit_type.id = appointment.visit_type
			AND has_kinds(doctor.person)
	WHERE (is_everybody OR doctor.person = who.id)
		AND lower(during) >= lower(span) AND lower(during) < upper(span)
		AND appointment.state IN ('booked', 'arrived', 'fulfilled', 'noshow')
		AND (sought IS NULL OR EXISTS (SELECT FROM unnest(sought) word
			WHERE position(word IN plain(person.name)) > 0))
	ORDER BY lower(during), doctor_person.name, appointment.id
	LIMIT 300;
END $$;
COMMENT ON FUNCTION api.day(text, boolean, text) IS
	'Today''s visits, those that are over too.';

CREATE FUNCTION api.visit_mark(actor text, which text, mark text)
RETURNS TABLE (code text, doctor_name text, patient_name text, starts text,
	state text, was_state text, is_new boolean, missed integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Notes of a visit that its patient arrived, that it starts, that it is done, or
-- that nobody came ("noshow"). The same once more changes nothing. Its doctor
-- may; of arrivals and no-shows an admin as well.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := appointment_get(which, who.id);
	was appointment_state;
	is_noted boolean := true;
BEGIN
	IF mark NOT IN ('arrived', 'start', 'done', 'noshow') THEN
		RAISE EXCEPTION 'there is nothing called % to note', quoted(mark)
			USING ERRCODE = 'CL001';
	ELSIF NOT (visit.doctor = who.id AND has_role(who.id, 'doctor'))
		AND NOT (mark IN ('arrived', 'noshow') AND has_role(who.id, 'admin'))
	THEN
		RAISE EXCEPTION 'only the doctor of a visit can do that'
			USING ERRCODE = 'CL002';
	END IF;
	PERFORM doctor_lock(visit.doctor);
	PERFORM patient_lock(visit.patient);
	SELECT * INTO visit FROM appointment WHERE id = visit.id;
	was := visit.state;
	PERFORM mark_check(visit, mark, who.zone);
	IF mark = 'arrived' AND was <> 'arrived' THEN
		visit.state := 'arrived';
	ELSIF mark = 'start' AND visit.started_at IS NULL THEN
		visit.state := 'arrived';
		visit.started_at := clinic.now();
	ELSIF mark = 'done' AND was <> 'fulfilled' THEN
		visit.state := 'fulfilled';
	ELSIF mark = 'noshow' AND was <> 'noshow' THEN
		visit.state := 'noshow';
	ELSE
		is_noted := false;
	END IF;
	IF is_noted THEN
		visit := appointment_put(visit, who.id);
	END IF;
	RETURN QUERY SELECT visit.code, doctor_title(doctor.name), patient.name,
		local_text(lower(visit.during), who.zone), visit.state::text, was::text,
		is_noted, missed_count(visit.patient)
	FROM person doctor, person patient
	WHERE doctor.id = visit.doctor AND patient.id = visit.patient;
END $$;
COMMENT ON FUNCTION api.visit_mark(text, text, text) IS
	'Notes what became of a visit: arrived, start, done or noshow.';

CREATE FUNCTION api.late(actor text, new_minutes integer)
RETURNS TABLE (code text, patient_name text, starts text, expected text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A doctor is so many minutes late. Who waits for her today (the visit is to come,
-- or the patient has arrived and was not called in) is told the time to expect,
-- once; the visit keeps its time. Returns who is told. 0: she is on time again.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	at_now timestamptz := clinic.now();
	today date := (at_now AT TIME ZONE who.zone)::date;
	span tstzrange := days_window(today, today, who.zone);
	visit appointment;
	shift interval := new_minutes * interval '1 minute';
BEGIN
	IF new_minutes IS NULL OR new_minutes NOT BETWEEN 0 AND 480 THEN
		RAISE EXCEPTION 'somebody is 0 to 480 minutes late, unlike %',
			quoted(new_minutes::text) USING ERRCODE = 'CL001';
	END IF;
	PERFORM doctor_lock(who.id);
	FOR visit IN SELECT * FROM appointment
		WHERE doctor = who.id AND lower(during) >= lower(span)
			AND lower(during) < upper(span) AND started_at IS NULL
			AND (state = 'arrived' OR (state = 'booked' AND lower(during) > at_now))
			AND lower(during) + shift > at_now
			AND new_minutes <> coalesce((SELECT minutes FROM delay
				WHERE delay.appointment = appointment.id
					AND delay.during = appointment.during), 0)
		ORDER BY lower(during)
	LOOP
		INSERT INTO delay (appointment, during, minutes)
		VALUES (visit.id, visit.during, new_minutes)
		ON CONFLICT (appointment) DO UPDATE SET during = excluded.during,
			minutes = excluded.minutes, told_at = excluded.told_at;
		-- What was not sent yet is not true any more.
		DELETE FROM delivery WHERE appointment = visit.id AND outcome IS NULL
			AND kind IN ('late', 'on_time') AND holder IS NULL;
		INSERT INTO delivery (recipient, kind, appointment, during, was_during)
		SELECT id, CASE WHEN new_minutes = 0 THEN 'on_time' ELSE 'late' END,
			visit.id, tstzrange(lower(visit.during) + shift,
				upper(visit.during) + shift), visit.during
		FROM person WHERE id = recipient_of(visit.patient) AND jid IS NOT NULL;
		RETURN QUERY SELECT visit.code, person.name,
			local_text(lower(visit.during), who.zone),
			local_text(lower(visit.during) + shift, who.zone)
		FROM person WHERE id = visit.patient;
	END LOOP;
END $$;
COMMENT ON FUNCTION api.late(text, integer) IS
	'Tells the waiting patients of today that their doctor is late.';

CREATE FUNCTION api.history(actor text, of_patient bigint, most integer,
	skip integer)
RETURNS TABLE (code text, doctor_name text, patient_name text, starts text,
	ends text, state text, reason text, is_for_other boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Visits that are over or cancelled, the latest first: a patient's own and their
-- dependants', or those of one of these (is_for_other: a dependant's); or those of
-- a patient with the doctor who asks. What was only held never was a visit.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	is_own boolean := of_patient IS NULL OR acts_for(who.id, of_patient);
	ids bigint[];
	at_now timestamptz := clinic.now();
BEGIN
	who := asker(actor, CASE WHEN is_own THEN 'patient' ELSE 'doctor'
		END::role_name);
	ids := CASE WHEN of_patient IS NOT NULL THEN ARRAY[of_patient]
		ELSE who.id || ARRAY(SELECT dependants(who.id)) END;
	RETURN QUERY SELECT appointment.code, doctor_title(doctor.name),
		patient.name, local_text(lower(during), who.zone),
		local_text(upper(during), who.zone), appointment.state::text,
		(SELECT appointment_event.reason FROM appointment_event
			WHERE appointment_event.appointment = appointment.id
				AND appointment_event.state = 'cancelled'
			ORDER BY appointment_event.id DESC LIMIT 1),
		patient.guardian IS NOT DISTINCT FROM who.id
	FROM unnest(ids) one (id) JOIN appointment ON appointment.patient = one.id
		JOIN person doctor ON doctor.id = appointment.doctor
		JOIN person patient ON patient.id = appointment.patient
	WHERE (is_own OR appointment.doctor = who.id)
		AND appointment.state <> 'held'
		AND (upper(during) <= at_now OR NOT is_live)
		AND (appointment.state <> 'cancelled'
			OR EXISTS (SELECT FROM appointment_event
				WHERE appointment_event.appointment = appointment.id
					AND appointment_event.was = 'booked'))
	ORDER BY lower(during) DESC, appointment.id DESC
	LIMIT least(coalesce(most, 10), 200) OFFSET greatest(coalesce(skip, 0), 0);
END $$;
COMMENT ON FUNCTION api.history(text, bigint, integer, integer) IS
	'Visits that are over or cancelled, the latest first.';

CREATE FUNCTION api.patients(actor text, words text)
RETURNS TABLE (person bigint, name text, birth_date date, visits integer,
	missed integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The patients of the doctor who asks, by words of their name: by their visits, or
-- handed over, or allowed to write. Nobody else's. How many visits they missed is
-- counted with all doctors.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	sought text[] := string_to_array(nullif(btrim(plain(left(words, 200))), ''),
		' ');
BEGIN
	RETURN QUERY SELECT person.id, person.name, person.birth_date,
		own.visits, missed_count(person.id)
	FROM (SELECT patient, sum(visit)::integer AS visits
			FROM (SELECT patient, 1 AS visit FROM appointment
					WHERE doctor = who.id AND is_visit(appointment)
				UNION ALL SELECT patient, 0 FROM contact WHERE doctor = who.id
					AND (is_allowed OR num_nonnulls(doctor_wrote_at, muted_at) > 0)) hers
			GROUP BY patient) own
		JOIN person ON person.id = own.patient
	WHERE sought IS NULL OR NOT EXISTS (SELECT FROM unnest(sought) word
		WHERE position(word IN plain(person.name)) = 0)
	ORDER BY person.name COLLATE "und-x-icu", person.id
	LIMIT 60;
END $$;
COMMENT ON FUNCTION api.patients(text, text) IS
	'The patients of the doctor who asks, by words of their name.';
