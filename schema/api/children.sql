-- children.sql - dependants: patients without an account, for whom another acts.

CREATE FUNCTION api.children(actor text)
RETURNS TABLE (id bigint, name text, birth_date date, next_code text,
	next_doctor_name text, next_starts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The dependants of who asks, the oldest first, each with the next visit to come.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'patient');
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT person.id, person.name, person.birth_date, next.code,
		doctor_title(doctor.name), local_text(lower(next.during), who.zone)
	FROM dependants(who.id) own (id) JOIN person ON person.id = own.id
		LEFT JOIN LATERAL (SELECT * FROM appointment
			WHERE appointment.patient = own.id AND is_planned
				AND during && tstzrange(at_now, NULL)
			ORDER BY during LIMIT 1) next ON true
		LEFT JOIN person doctor ON doctor.id = next.doctor
	ORDER BY person.birth_date, person.id;
END $$;
COMMENT ON FUNCTION api.children(text) IS 'The dependants of who asks.';

CREATE FUNCTION api.child_add(actor text, new_name text, new_birth_date date)
RETURNS TABLE (person bigint, name text, birth_date date, is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Registers a dependant of who asks: ten at most. A given name alone gets the
-- guardian's last name. Who was removed before is the same person again; the same
-- once more changes nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'patient');
	read_as person;
	old person;
BEGIN
	read_as.name := read_name(new_name);
	read_as.birth_date := read_birth_date(new_birth_date);
	IF strpos(read_as.name, ' ') = 0 AND strpos(who.name, ' ') > 0 THEN
		read_as.name := read_name(read_as.name
			|| regexp_replace(who.name, '^.* ', ' '));
	END IF;
	PERFORM patient_lock(who.id);
	SELECT * INTO old FROM person
	WHERE guardian = who.id AND plain(person.name) = plain(read_as.name)
	ORDER BY has_role(id, 'patient') DESC,
		person.birth_date = read_as.birth_date DESC, id LIMIT 1;
	IF old.birth_date = read_as.birth_date AND has_role(old.id, 'patient') THEN
		RETURN QUERY SELECT old.id, old.name, old.birth_date, false;
		RETURN;
	ELSIF has_role(old.id, 'patient') THEN
		RAISE EXCEPTION '% is on your list already, born %', old.name,
			old.birth_date USING ERRCODE = 'CL004';
	ELSIF (SELECT count(*) >= 10 FROM dependants(who.id)) THEN
		RAISE EXCEPTION 'you have ten people on your list already, please remove one '
			'first or ask the clinic' USING ERRCODE = 'CL001';
	END IF;
	IF old.birth_date IS DISTINCT FROM read_as.birth_date THEN
		INSERT INTO person (name, birth_date, guardian, registered_at)
		VALUES (read_as.name, read_as.birth_date, who.id, clinic.now())
		RETURNING * INTO old;
	END IF;
	PERFORM role_give(old.id, 'patient');
	PERFORM audit_put(actor, 'add child', format('person %s', old.id));
	RETURN QUERY SELECT old.id, old.name, old.birth_date, true;
END $$;
COMMENT ON FUNCTION api.child_add(text, text, date) IS
	'Registers a dependant of who asks.';

CREATE FUNCTION api.child_remove(actor text, which bigint)
RETURNS TABLE (name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes a dependant without visits to come off the list of who asks. What was stays
-- in the clinic's books.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'patient');
	child person;
	codes text;
BEGIN
	SELECT person.* INTO child FROM person JOIN dependants(who.id) own (id)
		ON own.id = person.id
	WHERE person.id = which;
	IF child.id IS NULL THEN
		RAISE EXCEPTION 'there is nobody like that on your list'
			USING ERRCODE = 'CL003';
	END IF;
	PERFORM holds_end(who.id);
	PERFORM patient_lock(child.id);
	SELECT string_agg(code, ', ' ORDER BY during) INTO codes FROM appointment
	WHERE patient = child.id AND is_planned
		AND during && tstzrange(clinic.now(), NULL);
	IF codes IS NOT NULL THEN
		RAISE EXCEPTION '% has visits to come, please cancel them first: %',
			child.name, codes USING ERRCODE = 'CL004';
	END IF;
	DELETE FROM role WHERE role.person = child.id;
	PERFORM audit_put(actor, 'remove child', format('person %s', child.id));
	RETURN QUERY SELECT child.name;
END $$;
COMMENT ON FUNCTION api.child_remove(text, bigint) IS
	'Takes a dependant without visits to come off the list.';
