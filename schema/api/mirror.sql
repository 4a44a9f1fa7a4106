-- mirror.sql - what the mirror holds in memory, and what it puts down.

CREATE FUNCTION api.mirror_configure(new_talk_days integer,
	new_keeps_messages boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Stores the mirror's settings.
BEGIN
	UPDATE clinic SET talk_days = new_talk_days,
		keeps_messages = new_keeps_messages
	WHERE (talk_days, keeps_messages)
		IS DISTINCT FROM (new_talk_days, new_keeps_messages);
END $$;
COMMENT ON FUNCTION api.mirror_configure(integer, boolean) IS
	'Stores the mirror''s settings.';

CREATE FUNCTION api.book_clock() RETURNS TABLE (now_ms bigint, day integer,
	day_ends_ms bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The clinic's now, its day (counted from 1970-01-01), and when that ends.
DECLARE
	at_now timestamptz := clinic.now();
	zone text := (SELECT clinic.zone FROM clinic);
	today date := (at_now AT TIME ZONE zone)::date;
BEGIN
	RETURN QUERY SELECT (extract(epoch FROM at_now) * 1000)::bigint,
		today - date '1970-01-01',
		(extract(epoch FROM instant(today + 1, zone)) * 1000)::bigint;
END $$;
COMMENT ON FUNCTION api.book_clock() IS
	'The clinic''s now and its day, for the mirror''s own clock.';

CREATE FUNCTION api.book_people(after_id bigint, through_id bigint, most integer)
RETURNS TABLE (person bigint, jid text, local text, name text, language text,
	is_doctor boolean, is_former boolean, has_parked boolean,
	keeps_messages boolean, is_told boolean, hides_ip boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Who has a clinic address, and which: a page of so many people. A former address
-- comes in a row of its own, after the present one. is_told: they know that their
-- messages are kept, or said what they want.
#variable_conflict use_column
BEGIN
	RETURN QUERY WITH page AS (SELECT person.* FROM person
		WHERE person.id > after_id AND person.id <= through_id
			AND person.jid IS NOT NULL
			AND EXISTS (SELECT FROM address WHERE address.person = person.id)
		ORDER BY person.id LIMIT most)
	SELECT page.id, page.jid, address.local, page.name,
		coalesce(page.language, clinic.language),
		EXISTS (SELECT FROM doctor WHERE doctor.person = page.id AND is_active),
		address.local <> first_value(address.local) OVER (PARTITION BY page.id
			ORDER BY is_doctors DESC, given_at, address.local),
		EXISTS (SELECT FROM parked
			WHERE parked.recipient = page.id AND sent_at IS NULL),
		clinic.keeps_messages AND coalesce(page.keeps_messages, true),
		page.keeps_messages IS NOT NULL,
		coalesce(page.hides_ip, clinic.hides_ip)
	FROM clinic CROSS JOIN page JOIN address ON address.person = page.id
	ORDER BY page.id, is_doctors DESC, given_at, address.local;
END $$;
COMMENT ON FUNCTION api.book_people(bigint, bigint, integer) IS
	'Who has a clinic address, and which: a page of people.';

CREATE FUNCTION api.book_pairs(after_id bigint, through_id bigint)
RETURNS TABLE (doctor bigint, patient bigint, until_s bigint, is_muted boolean,
	is_blocked boolean, has_asked_doctor boolean, has_asked_patient boolean,
	has_agreed_doctor boolean, has_agreed_patient boolean,
	is_introduced boolean, is_answered boolean, is_doctor_keyless boolean,
	is_patient_keyless boolean, visit_s bigint, visit_local text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What holds between these patients and their doctors. until_s: until when the
-- patient may write, in seconds; 4294967295 for ever, 0 not at all.
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT pair.doctor, pair.patient,
		CASE WHEN pair.until_at = 'infinity' THEN 4294967295
			ELSE coalesce(extract(epoch FROM pair.until_at)::bigint, 0) END,
		pair.is_muted, pair.is_blocked, pair.has_asked_doctor,
		pair.has_asked_patient, pair.has_agreed_doctor, pair.has_agreed_patient,
		pair.is_introduced, pair.is_answered,
		pair.is_doctor_keyless, pair.is_patient_keyless,
		coalesce(extract(epoch FROM pair.visit_at)::bigint, 0),
		to_char(pair.visit_local, 'YYYY-MM-DD HH24:MI')
	FROM pairs_of(ARRAY(SELECT person.id FROM person
		WHERE person.id > after_id AND person.id <= through_id
			AND person.jid IS NOT NULL)) pair
	ORDER BY pair.patient, pair.doctor;
END $$;
COMMENT ON FUNCTION api.book_pairs(bigint, bigint) IS
	'What holds between these patients and their doctors.';

CREATE FUNCTION api.mirror_note(new_batch text, notes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Puts down what the mirror passed on and said, in order. The same batch once
-- more changes nothing.
BEGIN
	INSERT INTO noted (batch) VALUES (new_batch) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	PERFORM note_put(note) FROM jsonb_array_elements(notes)
		WITH ORDINALITY list (note, place);
	DELETE FROM noted WHERE at < clinic.now() - interval '1 day';
END $$;
COMMENT ON FUNCTION api.mirror_note(text, jsonb) IS
	'Puts down what the mirror passed on and said; a batch once.';

CREATE FUNCTION api.parked_put(from_person bigint, to_person bigint, id text,
	new_stanza text) RETURNS TABLE (is_first boolean, is_given_up boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A message came back: it is kept until its recipient is seen, and given up when it
-- came back fifty times, or when a hundred wait already.
-- is_first: nothing else waits for that recipient from the same sender.
DECLARE
	before bigint;
	put parked;
	is_over boolean;
BEGIN
	SELECT count(*) INTO before FROM parked WHERE sender = from_person
		AND recipient = to_person AND stanza_id <> left(parked_put.id, 1023);
	INSERT INTO parked (sender, recipient, stanza_id, stanza)
	VALUES (from_person, to_person, left(id, 1023), new_stanza)
	ON CONFLICT (sender, recipient, stanza_id) DO UPDATE
	SET tries = parked.tries + 1, sent_at = NULL RETURNING * INTO put;
	is_over := put.tries > 50 OR before >= 100;
	IF is_over THEN
		DELETE FROM parked WHERE parked.id = put.id;
	END IF;
	RETURN QUERY SELECT before = 0 AND put.tries = 1, is_over;
END $$;
COMMENT ON FUNCTION api.parked_put(bigint, bigint, text, text) IS
	'Keeps a message that came back until its recipient is seen.';

CREATE FUNCTION api.parked_take(to_person bigint)
RETURNS TABLE (number bigint, sender bigint, id text, stanza text, parked_at text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- What waits for somebody who was seen. It waits on until parked_sent().
	SELECT parked.id, parked.sender, parked.stanza_id, parked.stanza,
		instant_text(parked.parked_at)
	FROM parked WHERE recipient = to_person AND sent_at IS NULL
	ORDER BY parked.id
$$;
COMMENT ON FUNCTION api.parked_take(bigint) IS
	'What waits for somebody who was seen.';

CREATE FUNCTION api.parked_sent(to_person bigint, through_number bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- The server has taken what waited, up to this one. It is forgotten ten minutes
	-- later, if it does not come back.
	UPDATE parked SET sent_at = clinic.now()
	WHERE recipient = to_person AND sent_at IS NULL AND id <= through_number;
	DELETE FROM parked WHERE sent_at < clinic.now() - interval '10 minutes'
$$;
COMMENT ON FUNCTION api.parked_sent(bigint, bigint) IS
	'Notes that what waited for somebody was sent again.';

CREATE FUNCTION api.book_offices() RETURNS TABLE (doctor bigint, answer text,
	open text, away text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Doctors who are not always there. answer: what is said out of office hours; open:
-- when these are in the next days, as pairs of seconds "1795424400 1795438800 ...",
-- NULL: there are none; away: when she is away for a day or more, each followed by
-- when she is back, in minutes on her wall.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT doctor.person, doctor.office_answer, office.open, off.away
	FROM clinic JOIN doctor ON doctor.is_active
		JOIN person ON person.id = doctor.person
		CROSS JOIN LATERAL (SELECT coalesce(person.zone, clinic.zone) AS zone) own
		CROSS JOIN LATERAL (SELECT CASE WHEN count(*) > 0 THEN coalesce(string_agg(
				extract(epoch FROM instant(day::date + starts, own.zone))::bigint
				|| ' '
				|| extract(epoch FROM instant(day::date + ends, own.zone))::bigint,
				' ' ORDER BY day, starts), '') END AS open
			FROM office_hours LEFT JOIN generate_series(
					(at_now AT TIME ZONE own.zone)::date - 1,
					(at_now AT TIME ZONE own.zone)::date + 2, interval '1 day') day
				ON extract(isodow FROM day) = weekday
			WHERE office_hours.doctor = doctor.person) office
		CROSS JOIN LATERAL (SELECT string_agg(format('%s %s %s',
				extract(epoch FROM lower(stretch))::bigint,
				extract(epoch FROM upper(stretch))::bigint,
				extract(epoch FROM back AT TIME ZONE own.zone)::bigint / 60),
				' ' ORDER BY stretch) AS away
			FROM absences(doctor.person, at_now)) off
	WHERE num_nonnulls(office.open, off.away) > 0;
END $$;
COMMENT ON FUNCTION api.book_offices() IS
	'Doctors who are not always there: what is said then, and when they are.';

CREATE FUNCTION api.chat_who(actor text, which bigint)
RETURNS TABLE (name text, birth_date text, age integer, phone text,
	visit_count integer, missed integer, last_starts text, next_starts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Who a patient is, for a doctor who has to do with them.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	at_now timestamptz := clinic.now();
BEGIN
	IF NOT EXISTS (SELECT FROM pairs_of(ARRAY[which]) pair
		WHERE pair.doctor = who.id)
	THEN
		RAISE EXCEPTION 'that is no patient of yours' USING ERRCODE = 'CL003';
	END IF;
	RETURN QUERY SELECT person.name, person.birth_date::text,
		extract(year FROM age((at_now AT TIME ZONE who.zone)::date,
			person.birth_date))::integer, person.phone,
		(SELECT count(*)::integer FROM appointment WHERE patient = which
			AND doctor = who.id AND state = 'fulfilled'), missed_count(which),
		(SELECT local_text(max(lower(during)), who.zone) FROM appointment
			WHERE patient = which AND doctor = who.id AND lower(during) <= at_now
				AND state IN ('arrived', 'fulfilled')),
		(SELECT local_text(min(lower(during)), who.zone) FROM appointment
			WHERE patient = which AND doctor = who.id AND is_live
				AND upper(during) > at_now)
	FROM person WHERE person.id = which;
END $$;
COMMENT ON FUNCTION api.chat_who(text, bigint) IS
	'Who a patient is, for a doctor who has to do with them.';

CREATE FUNCTION api.contact_set(actor text, other bigint, what text)
RETURNS TABLE (name text, is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What somebody decides about a conversation. A doctor: mute, unmute, end (the
-- patient may not write until the next visit is booked), allow (may always). A
-- patient: block, unblock a doctor; any doctor, which alone relates the two in no
-- way. For a child its guardian is meant, who writes. is_new: it was not so before.
#variable_conflict use_column
DECLARE
	by_doctor boolean := what IN ('mute', 'unmute', 'end', 'allow');
	who person := asker(actor, CASE WHEN by_doctor THEN 'doctor'::role_name END);
	at_now timestamptz := clinic.now();
	of_doctor bigint := CASE WHEN by_doctor THEN who.id ELSE other END;
	of_patient bigint := CASE WHEN by_doctor THEN recipient_of(other)
		ELSE who.id END;
	was contact;
	made contact;
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	ELSIF coalesce(what, '') NOT IN ('mute', 'unmute', 'end', 'allow', 'block', 'unblock') THEN
		RAISE EXCEPTION 'a conversation cannot be %', quoted(what)
			USING ERRCODE = 'CL001';
	ELSIF by_doctor AND NOT (is_related(who.id, other)
		OR is_related(who.id, of_patient))
	THEN
		RAISE EXCEPTION 'that is no patient of yours' USING ERRCODE = 'CL003';
	ELSIF of_doctor = of_patient OR NOT has_role(of_patient, 'patient')
		OR NOT EXISTS (SELECT FROM doctor WHERE person = of_doctor)
	THEN
		RAISE EXCEPTION 'there is no such %', CASE WHEN by_doctor THEN 'patient'
			ELSE 'doctor' END USING ERRCODE = 'CL003';
	END IF;
	was := contact_put(of_doctor, of_patient);
	UPDATE contact SET
		muted_at = CASE what WHEN 'mute' THEN coalesce(muted_at, at_now)
			WHEN 'unmute' THEN NULL WHEN 'allow' THEN NULL ELSE muted_at END,
		is_allowed = CASE what WHEN 'allow' THEN true WHEN 'end' THEN false
			ELSE is_allowed END,
		ended_at = CASE what WHEN 'end' THEN at_now WHEN 'allow' THEN NULL
			ELSE ended_at END,
		doctor_wrote_at = CASE what WHEN 'end' THEN NULL ELSE doctor_wrote_at END,
		blocked_at = CASE what WHEN 'block' THEN coalesce(blocked_at, at_now)
			WHEN 'unblock' THEN NULL ELSE blocked_at END
	WHERE contact.doctor = of_doctor AND contact.patient = of_patient
	RETURNING * INTO made;
	PERFORM audit_put(actor, what, person.jid) FROM person WHERE id = other;
	RETURN QUERY SELECT CASE WHEN by_doctor THEN person.name
			ELSE doctor_title(person.name) END, was IS DISTINCT FROM made
	FROM person WHERE person.id = CASE WHEN by_doctor THEN of_patient
		ELSE of_doctor END;
END $$;
COMMENT ON FUNCTION api.contact_set(text, bigint, text) IS
	'What a doctor or a patient decides about their conversation.';
