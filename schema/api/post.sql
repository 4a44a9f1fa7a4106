-- post.sql - the post room: what is due, and what became of it.

CREATE FUNCTION api.deliveries_claim(new_holder text, most integer,
	lease_s integer)
RETURNS TABLE (id bigint, stanza_id text, jid text, kind text, language text,
	zone text, is_clinic_zone boolean, is_doctor boolean, code text,
	doctor_name text, patient_name text, starts text, ends text, was_starts text,
	now_local text, reason text, note text, child_name text, until text,
	address text, link text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes what is due, for so many seconds: nobody else gets it until then. Two
-- claimants at once get different rows. Reminders that have lost their sense are
-- dropped, those that come in quiet hours put off, and offers too; dropped is also the news of a
-- delay that is over or not what it was. Rows with the same id, which follow each
-- other, are one message: a reminder of several visits, or what was booked or
-- cancelled together, soonest first.
-- What is over by itself is ended first. until: of a request or an offer.
-- is_doctor: it goes to the visit's doctor, who is told in other words.
-- child_name: it goes to the guardian of the visit's patient, who has this name.
-- address: of the other of the two, before the "@"; link: where they meet if they
-- cannot call.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
	due bigint[];
BEGIN
	PERFORM end_what_is_over(20);
	PERFORM reminders_rewrite_some(100);
	SELECT array_agg(id) INTO due FROM (SELECT id FROM delivery
		WHERE outcome IS NULL AND next_at <= at_now
		ORDER BY next_at, id LIMIT least(greatest(most, 0), 1000)
		FOR UPDATE SKIP LOCKED) taken;
	UPDATE delivery SET outcome = 'dropped', ended_at = at_now
	WHERE id = ANY (due) AND kind IN ('late', 'on_time')
		AND NOT EXISTS (SELECT FROM appointment
				JOIN delay ON delay.appointment = appointment.id
			WHERE appointment.id = delivery.appointment AND is_live
				AND appointment.during = delivery.was_during
				AND lower(appointment.during) + delay.minutes
					* interval '1 minute' = lower(delivery.during)
				AND started_at IS NULL AND lower(delivery.during) > at_now);
	PERFORM reminders_sift(due);
	PERFORM offers_tell(due);
	PERFORM calls_sift(due);
	-- What was put off is not to be handed out.
	SELECT array_agg(id) INTO due FROM delivery
	WHERE id = ANY (due) AND outcome IS NULL AND next_at <= at_now;
	due := notices_gather(reminders_join(due));
	UPDATE delivery SET holder = left(new_holder, 100),
		next_at = at_now + greatest(lease_s, 1) * interval '1 second',
		claimed_at = at_now
	WHERE id = ANY (due) AND outcome IS NULL;
	RETURN QUERY SELECT message.id, message.stanza_id, recipient.jid,
		CASE WHEN delivery.kind = 'offer' AND delivery.was_during IS NOT NULL
			THEN 'offer_instead' ELSE delivery.kind END, coalesce(recipient.language, clinic.language), own.zone,
		own.zone = clinic.zone,
		delivery.recipient IS NOT DISTINCT FROM about.doctor,
		appointment.code, doctor_title(doctor.name), patient_title(patient.id),
		local_text(lower(delivery.during), own.zone),
		local_text(upper(delivery.during), own.zone),
		local_text(lower(delivery.was_during), own.zone),
		local_text(at_now, own.zone), delivery.reason, delivery.note,
		CASE WHEN patient.guardian = recipient.id
			THEN split_part(patient.name, ' ', 1) END,
		local_text(appointment.expires_at, own.zone),
		address_of(CASE WHEN delivery.recipient = about.doctor
			THEN recipient_of(about.patient) ELSE about.doctor END),
		CASE WHEN delivery.kind = 'call_now'
			THEN meeting_link(delivery.appointment) END
	FROM clinic CROSS JOIN delivery
		JOIN delivery message
			ON message.id = coalesce(delivery.leader, delivery.id)
		JOIN person recipient ON recipient.id = delivery.recipient
		CROSS JOIN LATERAL
			(SELECT coalesce(recipient.zone, clinic.zone) AS zone) own
		LEFT JOIN appointment ON appointment.id = delivery.appointment
		LEFT JOIN call ON call.id = delivery.call
		CROSS JOIN LATERAL (SELECT
			coalesce(call.doctor, appointment.doctor) AS doctor,
			coalesce(call.patient, appointment.patient) AS patient) about
		LEFT JOIN person doctor ON doctor.id = about.doctor
		LEFT JOIN person patient ON patient.id = about.patient
	WHERE delivery.id = ANY (due) AND delivery.outcome IS NULL
	ORDER BY message.created_at, message.id, lower(delivery.during), delivery.id;
END $$;
COMMENT ON FUNCTION api.deliveries_claim(text, integer, integer) IS
	'Takes what is due for so many seconds, and says all that the message needs.';

CREATE FUNCTION api.deliveries_done(new_holder text, ids text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- These have arrived, whoever sent them last, and what was told with them.
DECLARE
	arrived bigint[] := (SELECT array_agg(word::bigint)
		FROM regexp_split_to_table(btrim(ids), '\s+') word WHERE word <> '');
BEGIN
	UPDATE delivery SET outcome = 'sent', ended_at = clinic.now(), error = NULL
	WHERE (id = ANY (arrived) OR leader = ANY (arrived)) AND outcome IS NULL;
END $$;
COMMENT ON FUNCTION api.deliveries_done(text, text) IS 'These have arrived.';

CREATE FUNCTION api.delivery_failed(old_holder text, which bigint, why text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- This did not get through: it is tried again later, or given up.
BEGIN
	PERFORM delivery_miss(id, why) FROM delivery
	WHERE id = which AND outcome IS NULL AND holder = left(old_holder, 100)
	FOR UPDATE;
END $$;
COMMENT ON FUNCTION api.delivery_failed(text, bigint, text) IS
	'This did not get through: again later, or given up.';

CREATE FUNCTION api.delivery_bounced(address text, stanza text, condition text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- A message came back from the person whom it was sent to. Once for each try.
BEGIN
	PERFORM delivery_miss(delivery.id, condition)
	FROM delivery JOIN person ON person.id = delivery.recipient
	WHERE stanza_id = stanza AND person.jid = address
		AND (outcome = 'sent' OR (outcome IS NULL AND holder IS NOT NULL))
	FOR UPDATE OF delivery;
END $$;
COMMENT ON FUNCTION api.delivery_bounced(text, text, text) IS
	'A message came back: again later, or given up.';

CREATE FUNCTION api.deliveries_wait() RETURNS TABLE (wait_ms bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- How long until something is due, a lease ends, or something is over by itself;
-- NULL: nothing waits.
DECLARE
	first_at timestamptz := least((SELECT min(next_at) FROM delivery
		WHERE outcome IS NULL), next_end());
BEGIN
	RETURN QUERY SELECT CASE WHEN EXISTS (SELECT FROM reminder_change) THEN 0
		WHEN first_at IS NOT NULL THEN greatest(0,
		ceil(extract(epoch FROM first_at - clinic.now()) * 1000))::bigint END;
END $$;
COMMENT ON FUNCTION api.deliveries_wait() IS
	'How long until something is due; NULL: nothing waits.';
