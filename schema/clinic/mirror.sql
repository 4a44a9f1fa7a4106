-- mirror.sql - clinic addresses, and who may write to whom.

CREATE FUNCTION clinic.address_words(name text) RETURNS text[]
LANGUAGE sql STABLE AS $$
	SELECT array_remove(regexp_split_to_array(
		regexp_replace(plain(coalesce(name, '')), '[^a-z0-9]+', ' ', 'g'),
		' '), '')
$$;
COMMENT ON FUNCTION clinic.address_words(text) IS
	'The words of a name as an address may have them: ana, ruiz.';

CREATE FUNCTION clinic.address_tail(size integer) RETURNS text
LANGUAGE sql VOLATILE AS $$
	-- Of a UUID only some bytes are random; the first six are.
	SELECT string_agg(substr('23456789abcdefghjkmnpqrstuvwxyz',
		1 + get_byte(made.bytes, place) % 31, 1), '')
	FROM (SELECT uuid_send(gen_random_uuid()) AS bytes) made,
		generate_series(0, least(size, 6) - 1) place
$$;
COMMENT ON FUNCTION clinic.address_tail(integer) IS
	'Letters and digits by chance, none that is like another.';

CREATE FUNCTION clinic.address_give(who bigint) RETURNS void
LANGUAGE plpgsql SET search_path = clinic, pg_temp AS $$
-- Gives a patient (jane.k7f3) or a doctor (dr.ana.ruiz) their address, if they
-- are named and have none yet.
DECLARE
	is_doctor boolean := has_role(who, 'doctor');
	words text[];
	made text;
	tried integer := 0;
BEGIN
	SELECT address_words(name) INTO words FROM person
	WHERE id = who AND name IS NOT NULL AND (is_doctor OR has_role(who, 'patient'))
		AND NOT EXISTS (SELECT FROM address WHERE address.person = who
			AND (is_doctors OR NOT is_doctor));
	IF NOT FOUND THEN
		RETURN;
	END IF;
	LOOP
		tried := tried + 1;
		made := CASE
			WHEN NOT is_doctor THEN left(coalesce(words[1], 'patient'), 30) || '.'
				|| address_tail(CASE WHEN tried < 5 THEN 4 ELSE 6 END)
			WHEN cardinality(words) = 0 THEN 'dr.' || address_tail(6)
			ELSE 'dr.' || left(array_to_string(words, '.'), 60)
				|| CASE WHEN tried > 1 THEN tried::text ELSE '' END END;
		INSERT INTO address (local, person, is_doctors)
		VALUES (regexp_replace(made, '\.+', '.', 'g'), who, is_doctor)
		ON CONFLICT DO NOTHING;
		EXIT WHEN FOUND;
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.address_give(bigint) IS
	'Gives a patient or a doctor their clinic address, once.';

-- What the bot holds in memory ----------------------------------------------------

CREATE FUNCTION clinic.pairs_of(of_patients bigint[])
RETURNS TABLE (doctor bigint, patient bigint, until_at timestamptz,
	is_muted boolean, is_blocked boolean, has_asked_doctor boolean,
	has_asked_patient boolean, has_agreed_doctor boolean, has_agreed_patient boolean,
	is_introduced boolean, is_answered boolean,
	is_doctor_keyless boolean, is_patient_keyless boolean, visit_at timestamptz, visit_local timestamp)
LANGUAGE sql STABLE AS $$
	-- A guardian writes for the child, about whose visits it is. That a patient
	-- blocked a doctor alone makes no pair: anybody can block any doctor.
	WITH told AS (SELECT clinic.now() AS now, talk_days * interval '1 day' AS after,
			(clinic.now() AT TIME ZONE zone)::date AS day, zone FROM clinic),
	visit AS (
		SELECT appointment.doctor, asked.patient, during, created_at, is_live
		FROM unnest(of_patients) asked (patient)
			CROSS JOIN LATERAL (SELECT asked.patient AS id
				UNION ALL SELECT child.id FROM person child
				WHERE child.guardian = asked.patient) about
			JOIN appointment ON appointment.patient = about.id
		WHERE state IN ('requested', 'booked', 'arrived', 'fulfilled')
			AND appointment.doctor <> asked.patient),
	related AS (
		SELECT visit.doctor, visit.patient FROM visit
		UNION
		SELECT contact.doctor, contact.patient FROM contact
		WHERE contact.patient = ANY (of_patients) AND (is_allowed
			OR num_nonnulls(doctor_wrote_at, ended_at, muted_at,
				doctor_asked_at, patient_asked_at) > 0))
	SELECT related.doctor, related.patient,
		CASE WHEN contact.is_allowed THEN 'infinity' ELSE greatest(
			contact.doctor_wrote_at + told.after,
			(SELECT max(upper(during)) + told.after FROM visit
				WHERE visit.doctor = related.doctor
					AND visit.patient = related.patient
					AND created_at > coalesce(contact.ended_at, '-infinity'))) END,
		contact.muted_at IS NOT NULL, contact.blocked_at IS NOT NULL,
		contact.doctor_asked_at IS NOT NULL, contact.patient_asked_at IS NOT NULL,
		contact.doctor_agreed_at IS NOT NULL, contact.patient_agreed_at IS NOT NULL,
		coalesce(talk.is_introduced, false),
		coalesce(talk.is_answered, false), coalesce(talk.is_doctor_keyless, false),
		coalesce(talk.is_patient_keyless, false), next.at,
		next.at AT TIME ZONE coalesce(doctor_person.zone, told.zone)
	FROM told CROSS JOIN related
		JOIN person doctor_person ON doctor_person.id = related.doctor
		LEFT JOIN contact USING (doctor, patient)
		LEFT JOIN talk ON talk.doctor = related.doctor
			AND talk.patient = related.patient AND talk.day = told.day
		LEFT JOIN LATERAL (SELECT min(lower(during)) AS at FROM visit
			WHERE visit.doctor = related.doctor AND visit.patient = related.patient
				AND is_live AND upper(during) > told.now) next ON true
$$;
COMMENT ON FUNCTION clinic.pairs_of(bigint[]) IS
	'The doctors of these patients, and what holds between them: until when the '
	'patient may write, what is asked and said already, the next visit.';

CREATE FUNCTION clinic.is_related(doctor bigint, patient bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM appointment
			WHERE appointment.doctor = is_related.doctor
				AND appointment.patient = is_related.patient
				AND is_visit(appointment))
		OR EXISTS (SELECT FROM pairs_of(ARRAY[is_related.patient]) pair
			WHERE pair.doctor = is_related.doctor)
$$;
COMMENT ON FUNCTION clinic.is_related(bigint, bigint) IS
	'Whether a patient is one of a doctor''s: by a visit of theirs or of their child, '
	'or by what she decided.';

CREATE FUNCTION clinic.absences(of_doctor bigint, at_now timestamptz)
RETURNS TABLE (stretch tstzrange, back timestamptz)
LANGUAGE sql STABLE AS $$
	-- A shorter time off is not worth telling. She is back with her next hours.
	SELECT stretch, coalesce((SELECT greatest(min(lower(opening.during)),
				upper(stretch)) FROM opening
			WHERE opening.doctor = of_doctor AND opening.during
				&& tstzrange(upper(stretch), upper(stretch) + interval '14 days')),
		upper(stretch))
	FROM (SELECT unnest(range_agg(during)) AS stretch
		FROM (SELECT during FROM time_off WHERE time_off.doctor = of_doctor
			UNION ALL SELECT during FROM holiday) away
		WHERE during && tstzrange(at_now, at_now + interval '90 days')) merged
	WHERE upper(stretch) - lower(stretch) >= interval '20 hours'
		AND lower(stretch) < at_now + interval '3 days'
$$;
COMMENT ON FUNCTION clinic.absences(bigint, timestamptz) IS
	'When a doctor is away for a day or more in the next days, and when she is back.';

CREATE FUNCTION clinic.contact_put(of_doctor bigint, of_patient bigint)
RETURNS clinic.contact
LANGUAGE plpgsql AS $$
-- The row of a doctor and a patient, made when there is none yet.
DECLARE
	put contact;
BEGIN
	SELECT * INTO put FROM contact
	WHERE doctor = of_doctor AND patient = of_patient;
	IF NOT FOUND THEN
		INSERT INTO contact (doctor, patient) VALUES (of_doctor, of_patient)
		ON CONFLICT (doctor, patient) DO UPDATE SET doctor = excluded.doctor
		RETURNING * INTO put;
	END IF;
	RETURN put;
END $$;
COMMENT ON FUNCTION clinic.contact_put(bigint, bigint) IS
	'The row of a doctor and a patient, made when there is none yet.';

CREATE FUNCTION clinic.note_put(note jsonb) RETURNS void
LANGUAGE plpgsql AS $$
-- One thing that happened between a doctor and a patient:
--	message    it was passed on: {from_doctor, id, body, replaces, is_kept}
--	retract    the sender took the message with this id back: what waits of it
--	           does not go out
--	introduced, answered, keyless_doctor, keyless_patient   it was said for today,
--	           to whom
--	told   the patient was told that what they write is kept
--	call_begun, call_rang, call_answered, call_devices, call_ended   {from_doctor,
--	           id: of the session, body: "video", "audio", devices, or why it
--	           ended, at}
--	asked_doctor, asked_patient, agreed_doctor, agreed_patient, unasked_doctor,
--	           unasked_patient   subscriptions
DECLARE
	of_doctor bigint := (note ->> 'doctor')::bigint;
	of_patient bigint := (note ->> 'patient')::bigint;
	kind text := note ->> 'kind';
	from_doctor boolean := coalesce((note ->> 'from_doctor')::boolean, false);
	at_now timestamptz := clinic.now();
	today date := (at_now AT TIME ZONE (SELECT zone FROM clinic))::date;
BEGIN
	IF (SELECT count(*) FROM person WHERE id IN (of_doctor, of_patient)) < 2 THEN
		RETURN; -- gone since
	END IF;
	IF kind IN ('message', 'introduced', 'answered', 'keyless_doctor',
		'keyless_patient')
	THEN
		INSERT INTO talk AS old (doctor, patient, day, first_at, last_at,
			doctor_count, patient_count, is_introduced, is_answered,
			is_doctor_keyless, is_patient_keyless)
		VALUES (of_doctor, of_patient, today, at_now, at_now,
			(kind = 'message' AND from_doctor)::integer,
			(kind = 'message' AND NOT from_doctor)::integer,
			kind = 'introduced', kind = 'answered', kind = 'keyless_doctor',
			kind = 'keyless_patient')
		ON CONFLICT (doctor, patient, day) DO UPDATE SET last_at = at_now,
			doctor_count = old.doctor_count + excluded.doctor_count,
			patient_count = old.patient_count + excluded.patient_count,
			is_introduced = old.is_introduced OR excluded.is_introduced,
			is_answered = old.is_answered OR excluded.is_answered,
			is_doctor_keyless = old.is_doctor_keyless
				OR excluded.is_doctor_keyless,
			is_patient_keyless = old.is_patient_keyless
				OR excluded.is_patient_keyless;
	END IF;
	IF kind ~ '^call_' THEN
		PERFORM call_put(of_doctor, of_patient, note ->> 'id', from_doctor,
			substr(kind, 6), note ->> 'body',
			coalesce(to_timestamp(nullif((note ->> 'at')::bigint, 0)), at_now));
		RETURN;
	END IF;
	IF kind = 'message' AND from_doctor THEN
		-- Not at every message: the bot is told of each change.
		PERFORM contact_put(of_doctor, of_patient);
		UPDATE contact SET doctor_wrote_at = at_now
		WHERE doctor = of_doctor AND patient = of_patient
			AND (doctor_wrote_at IS NULL
				OR doctor_wrote_at < at_now - interval '1 hour');
	END IF;
	-- The bot may not have heard yet what the patient said a moment ago.
	IF kind = 'message' AND (note ->> 'is_kept')::boolean AND may_keep(of_patient) THEN
		INSERT INTO message (doctor, patient, is_doctors, at, stanza_id, body,
			replaces)
		VALUES (of_doctor, of_patient, from_doctor, at_now,
			left(note ->> 'id', 1023), left(note ->> 'body', 65536),
			left(note ->> 'replaces', 1023));
	ELSIF kind = 'told' THEN
		PERFORM consent_put(id, true, 'told', NULL) FROM person
		WHERE id = of_patient AND keeps_messages IS NULL;
	ELSIF kind = 'retract' THEN
		UPDATE message SET body = NULL, is_retracted = true
		WHERE doctor = of_doctor AND patient = of_patient
			AND message.is_doctors = from_doctor
			AND note ->> 'id' IN (stanza_id, replaces);
		DELETE FROM parked WHERE stanza_id = note ->> 'id'
			AND (sender, recipient) = (
				CASE WHEN from_doctor THEN of_doctor ELSE of_patient END,
				CASE WHEN from_doctor THEN of_patient ELSE of_doctor END);
	ELSIF kind ~ '^(asked|agreed|unasked)_' THEN
		PERFORM contact_put(of_doctor, of_patient);
		UPDATE contact SET
			doctor_asked_at = CASE kind WHEN 'asked_doctor' THEN at_now
				WHEN 'unasked_doctor' THEN NULL ELSE doctor_asked_at END,
			patient_asked_at = CASE kind WHEN 'asked_patient' THEN at_now
				WHEN 'unasked_patient' THEN NULL ELSE patient_asked_at END,
			doctor_agreed_at = CASE kind WHEN 'agreed_doctor' THEN at_now
				WHEN 'unasked_doctor' THEN NULL ELSE doctor_agreed_at END,
			patient_agreed_at = CASE kind WHEN 'agreed_patient' THEN at_now
				WHEN 'unasked_patient' THEN NULL ELSE patient_agreed_at END
		WHERE doctor = of_doctor AND patient = of_patient;
	END IF;
END $$;
COMMENT ON FUNCTION clinic.note_put(jsonb) IS
	'Puts down one thing that happened between a doctor and a patient.';

-- Who was here before there were addresses.
SELECT clinic.address_give(person) FROM unnest(ARRAY(SELECT DISTINCT role.person
	FROM clinic.role WHERE role.role IN ('patient', 'doctor') AND NOT EXISTS (
		SELECT FROM clinic.address WHERE address.person = role.person))) one (person)
	\g /dev/null
