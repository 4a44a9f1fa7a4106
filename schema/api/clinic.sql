-- clinic.sql - what admins do: specialties, doctors, admins, figures.

CREATE FUNCTION api.specialty_add(actor text, new_name text)
RETURNS TABLE (id bigint, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Adds a specialty, or returns the one that is there in any spelling.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	read_as text := read_name(new_name, 'a specialty''s name');
	found specialty;
BEGIN
	IF length(read_as) > 60 THEN
		RAISE EXCEPTION 'a specialty''s name has at most 60 characters'
			USING ERRCODE = 'CL001';
	END IF;
	SELECT * INTO found FROM specialty
	WHERE specialty.plain = plain(read_as) OR specialty.plain IN
		(SELECT other.phrase FROM synonym typed
			JOIN synonym other ON other.specialty = typed.specialty
			WHERE typed.phrase = plain(read_as))
	ORDER BY specialty.plain = plain(read_as) DESC LIMIT 1;
	IF found.id IS NULL THEN
		INSERT INTO specialty (name)
		VALUES (upper(left(read_as, 1)) || substr(read_as, 2))
		ON CONFLICT (plain) DO UPDATE SET name = specialty.name
		RETURNING * INTO found;
		PERFORM audit_put(actor, 'specialty add', found.name);
	END IF;
	RETURN QUERY SELECT found.id, found.name;
END $$;
COMMENT ON FUNCTION api.specialty_add(text, text) IS
	'Adds a specialty, or returns the one that is there in any spelling.';

CREATE FUNCTION api.doctor_add(actor text, new_jid text, new_name text,
	in_specialty bigint, new_fee numeric, new_currency text, new_minutes integer)
RETURNS TABLE (doctor bigint, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Makes somebody a doctor. One who is there is brought up to date and gets the
-- specialty as well; one who was removed is back, with her hours. NULL keeps what
-- there was, or is the clinic's currency, 20 minutes and no fee; they are those of
-- her usual visit, and her grid.
#variable_conflict use_column
DECLARE
	admin person := asker(actor, 'admin');
	who bigint;
	read_as text := read_doctor_name(new_name);
	address text := read_jid(new_jid);
	unit text := read_currency(new_currency);
	old doctor;
BEGIN
	IF new_minutes NOT BETWEEN 5 AND 480 THEN
		RAISE EXCEPTION 'a visit takes 5 to 480 minutes, unlike "%"', new_minutes
			USING ERRCODE = 'CL001';
	ELSIF new_fee < 0 OR new_fee >= 1000000 OR new_fee = 'NaN' THEN
		RAISE EXCEPTION 'a fee is 0 to 999999, unlike "%"', new_fee
			USING ERRCODE = 'CL001';
	ELSIF NOT EXISTS (SELECT FROM specialty WHERE id = in_specialty) THEN
		RAISE EXCEPTION 'there is no such specialty' USING ERRCODE = 'CL003';
	END IF;
	who := person_at(address);
	PERFORM doctor_lock(who);
	UPDATE person SET name = read_as WHERE id = who AND name IS DISTINCT FROM read_as;
	SELECT * INTO old FROM doctor WHERE person = who;
	INSERT INTO doctor (person, minutes)
	VALUES (who, coalesce(new_minutes, old.minutes, 20))
	ON CONFLICT (person) DO UPDATE SET minutes = excluded.minutes,
		is_active = true;
	PERFORM usual_type_put(who, new_fee, unit, new_minutes);
	INSERT INTO doctor_specialty (doctor, specialty) VALUES (who, in_specialty)
	ON CONFLICT DO NOTHING;
	IF role_give(who, 'doctor') THEN
		PERFORM welcome_put(who, 'welcome_doctor');
	END IF;
	PERFORM audit_put(actor, 'doctor add', address);
	RETURN QUERY SELECT who, doctor_title(read_as);
END $$;
COMMENT ON FUNCTION
	api.doctor_add(text, text, text, bigint, numeric, text, integer) IS
	'Makes somebody a doctor, or brings one up to date.';

CREATE FUNCTION api.doctor_remove(actor text, which bigint)
RETURNS TABLE (name text, appointment_count integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes a doctor out of the directory. Her visits to come stay; how many there
-- are is returned. Her history stays as well.
#variable_conflict use_column
DECLARE
	admin person := asker(actor, 'admin');
	at_now timestamptz := clinic.now();
BEGIN
	PERFORM doctor_lock(which);
	UPDATE doctor SET is_active = false WHERE person = which AND is_active;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'there is no such doctor' USING ERRCODE = 'CL003';
	END IF;
	DELETE FROM role WHERE person = which AND role = 'doctor';
	PERFORM audit_put(actor, 'doctor remove', person.jid)
	FROM person WHERE id = which;
	RETURN QUERY SELECT doctor_title(person.name), (SELECT count(*)::integer
		FROM appointment WHERE doctor = which
			AND lower(during) > at_now AND is_planned)
	FROM person WHERE person.id = which;
END $$;
COMMENT ON FUNCTION api.doctor_remove(text, bigint) IS
	'Takes a doctor out of the directory; visits stay.';

CREATE FUNCTION api.admin_add(actor text, new_jid text)
RETURNS TABLE (name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Makes somebody an admin.
#variable_conflict use_column
DECLARE
	admin person := asker(actor, 'admin');
	address text := read_jid(new_jid);
	who bigint := person_at(address);
BEGIN
	IF role_give(who, 'admin') THEN
		PERFORM welcome_put(who, 'welcome_admin');
		PERFORM audit_put(actor, 'admin add', address);
	END IF;
	RETURN QUERY SELECT person.name FROM person WHERE id = who;
END $$;
COMMENT ON FUNCTION api.admin_add(text, text) IS 'Makes somebody an admin.';

CREATE FUNCTION api.admin_remove(actor text, old_jid text)
RETURNS TABLE (name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes the admin role from somebody, but not from the last one.
#variable_conflict use_column
DECLARE
	admin person := asker(actor, 'admin');
	address text := read_jid(old_jid);
	who bigint;
BEGIN
	-- Two admins who remove each other must not both succeed.
	PERFORM FROM role WHERE role = 'admin' ORDER BY person FOR UPDATE;
	SELECT id INTO who FROM person JOIN role ON role.person = person.id
	WHERE jid = address AND role = 'admin';
	IF who IS NULL THEN
		RAISE EXCEPTION '% is not an administrator', quoted(address)
			USING ERRCODE = 'CL003';
	ELSIF (SELECT count(*) FROM role WHERE role = 'admin') = 1 THEN
		RAISE EXCEPTION 'the last administrator cannot be removed'
			USING ERRCODE = 'CL004';
	END IF;
	PERFORM asker(actor, 'admin');
	DELETE FROM role WHERE person = who AND role = 'admin';
	PERFORM audit_put(actor, 'admin remove', address);
	RETURN QUERY SELECT person.name FROM person WHERE id = who;
END $$;
COMMENT ON FUNCTION api.admin_remove(text, text) IS
	'Takes the admin role from somebody, but not from the last one.';

CREATE FUNCTION api.holidays(actor text)
RETURNS TABLE (id bigint, starts text, ends text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- When the clinic is closed from now on, by the clock of its own zone.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
	zone text := (SELECT clinic.zone FROM clinic);
BEGIN
	RETURN QUERY SELECT holiday.id, local_text(lower(during), zone),
		local_text(upper(during), zone)
	FROM holiday WHERE during && tstzrange(at_now, NULL)
	ORDER BY during;
END $$;
COMMENT ON FUNCTION api.holidays(text) IS
	'When the clinic is closed from now on, in its own zone.';

CREATE FUNCTION api.holiday_add(actor text, from_local timestamp,
	to_local timestamp)
RETURNS TABLE (code text, doctor_name text, patient_name text, starts text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Closes the clinic for a time of its own zone. Visits then stay as they are and
-- are returned.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	zone text := (SELECT clinic.zone FROM clinic);
	asked tstzrange := read_closed(from_local, to_local, zone, 'a holiday');
	span tstzrange := asked;
BEGIN
	-- Two admins at once: the second finds what the first has written.
	LOCK TABLE holiday IN SHARE ROW EXCLUSIVE MODE;
	WITH gone AS (DELETE FROM holiday WHERE during && span RETURNING during)
	SELECT range_merge(tstzmultirange(span) + coalesce(range_agg(during), '{}'))
	INTO span FROM gone;
	INSERT INTO holiday (during) VALUES (span);
	PERFORM offers_withdraw(NULL, span);
	PERFORM audit_put(actor, 'holiday', NULL);
	PERFORM pg_notify('book', 'offices');
	RETURN QUERY SELECT appointment.code, doctor_title(of_doctor.name),
		patient.name, local_text(lower(appointment.during), who.zone)
	FROM doctor JOIN appointment ON appointment.doctor = doctor.person
			AND appointment.blocked && asked AND is_live
		JOIN person of_doctor ON of_doctor.id = doctor.person
		JOIN person patient ON patient.id = appointment.patient
	WHERE appointment.during && asked AND is_planned
		AND upper(appointment.during) > clinic.now()
	ORDER BY appointment.during, of_doctor.name COLLATE "und-x-icu";
END $$;
COMMENT ON FUNCTION api.holiday_add(text, timestamp, timestamp) IS
	'Closes the clinic for a time; returns the visits then, which stay.';

CREATE FUNCTION api.holiday_remove(actor text, which bigint)
RETURNS TABLE (starts text, ends text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Opens the clinic on a holiday after all.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	zone text := (SELECT clinic.zone FROM clinic);
	gone tstzrange;
BEGIN
	DELETE FROM holiday WHERE id = which RETURNING during INTO gone;
	IF gone IS NULL THEN
		RAISE EXCEPTION 'there is no such holiday' USING ERRCODE = 'CL003';
	END IF;
	PERFORM time_freed(person, gone) FROM doctor WHERE is_active ORDER BY person;
	PERFORM audit_put(actor, 'holiday remove', NULL);
	PERFORM pg_notify('book', 'offices');
	RETURN QUERY SELECT local_text(lower(gone), zone), local_text(upper(gone), zone);
END $$;
COMMENT ON FUNCTION api.holiday_remove(text, bigint) IS
	'Opens the clinic on a holiday after all.';

CREATE FUNCTION api.stats(actor text) RETURNS TABLE (name text, value text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The clinic in ten figures, always in this order.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	at_now timestamptz := clinic.now();
	today date := (at_now AT TIME ZONE who.zone)::date;
	day tstzrange := days_window(today, today, who.zone);
	month timestamptz := at_now - interval '30 days';
BEGIN
	RETURN QUERY SELECT figure.name, figure.value::text FROM (VALUES
		('people', (SELECT count(*) FROM person)),
		('patients', (SELECT count(*) FROM role WHERE role = 'patient')),
		('doctors', (SELECT count(*) FROM doctor WHERE is_active)),
		('specialties', (SELECT count(*) FROM specialty)),
		('visits today', (SELECT count(*) FROM doctor JOIN appointment
			ON appointment.doctor = doctor.person
			WHERE lower(during) >= lower(day) AND lower(during) < upper(day)
				AND (is_planned OR appointment.state = 'fulfilled'))),
		('visits in the next 7 days', (SELECT count(*) FROM doctor
			JOIN appointment ON appointment.doctor = doctor.person
			WHERE lower(during) > at_now
				AND lower(during) < at_now + interval '7 days' AND is_planned)),
		('booked in the last 30 days', (SELECT count(*) FROM appointment_event
			WHERE at > month AND state = 'booked' AND was IS DISTINCT FROM 'booked')),
		('cancelled in the last 30 days', (SELECT count(*)
			FROM appointment_event WHERE at > month AND state = 'cancelled'
				AND was IS DISTINCT FROM 'held')),
		('messages waiting', (SELECT count(*) FROM delivery
			WHERE outcome IS NULL AND next_at <= at_now)),
		('messages that could not be delivered', (SELECT count(*)
			FROM delivery WHERE outcome = 'dead'))
	) figure (name, value);
END $$;
COMMENT ON FUNCTION api.stats(text) IS 'The clinic in ten figures, for admins.';
