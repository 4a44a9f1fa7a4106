-- calls.sql - who may call whom, and whose address calls hide.

CREATE FUNCTION api.calls_configure(before_minutes integer, after_minutes integer,
	back_minutes integer, new_hides_ip boolean, new_meeting_url text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Stores the settings of calls. An empty meeting_url: there is none.
DECLARE
	new_url text := nullif(btrim(new_meeting_url), '');
BEGIN
	IF new_url !~ '^https?://[^[:space:]]*\{room\}[^[:space:]]*$' THEN
		RAISE EXCEPTION 'a meeting''s address is like '
			'"https://meet.example/{room}", unlike %', quoted(new_url)
			USING ERRCODE = 'CL001';
	END IF;
	UPDATE clinic SET call_before_minutes = before_minutes,
		call_after_minutes = after_minutes, call_back_minutes = back_minutes,
		hides_ip = new_hides_ip, meeting_url = new_url
	WHERE (call_before_minutes, call_after_minutes, call_back_minutes, hides_ip,
			meeting_url)
		IS DISTINCT FROM (before_minutes, after_minutes, back_minutes,
			new_hides_ip, new_url);
END $$;
COMMENT ON FUNCTION api.calls_configure(integer, integer, integer, boolean, text) IS
	'Stores the settings of calls.';

CREATE FUNCTION api.call_ask(actor text, called bigint)
RETURNS TABLE (is_allowed boolean, code text, starts text, opens text, zone text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Whether a patient may call a doctor now: for a video visit, or because the doctor
-- called lately. If not: the next video visit, and from when on they may call for
-- it, NULL if there is none; zone: theirs, when it is not the clinic's.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	at_now timestamptz := clinic.now();
	next appointment;
BEGIN
	IF visit_to_call(called, who.id, at_now) IS NOT NULL
		OR EXISTS (SELECT FROM call, clinic
			WHERE call.patient = who.id AND call.doctor = called
				AND ending IS DISTINCT FROM 'refused' AND is_doctors
				AND begun_at
					> at_now - call_back_minutes * interval '1 minute')
	THEN
		RETURN QUERY SELECT true, NULL, NULL, NULL, NULL;
		RETURN;
	END IF;
	SELECT * INTO next FROM video_visits(called, who.id)
	WHERE state = 'booked' AND lower(during) > at_now LIMIT 1;
	RETURN QUERY SELECT false, next.code, local_text(lower(next.during), who.zone),
		local_text(lower(call_window(next.during)), who.zone),
		nullif(who.zone, clinic.zone) FROM clinic;
END $$;
COMMENT ON FUNCTION api.call_ask(text, bigint) IS
	'Whether a patient may call a doctor now; if not, when.';

CREATE FUNCTION api.call_next(actor text)
RETURNS TABLE (code text, doctor_name text, child text, starts text, opens text,
	closes text, is_open boolean, address text, link text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The next video visit of a patient, or of a dependant (child: the given name), for
-- which it is not too late to call: when to call and whom; link: where to meet when
-- an app cannot call, NULL when there is no such place. No row: there is none.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT appointment.code, doctor_title(doctor.name),
		CASE WHEN patient.id <> who.id THEN split_part(patient.name, ' ', 1) END,
		local_text(lower(appointment.during), who.zone),
		local_text(lower(win), who.zone), local_text(upper(win), who.zone),
		win @> at_now, address_of(doctor.id), meeting_link(appointment.id)
	FROM person patient
		JOIN appointment ON appointment.patient = patient.id
		JOIN person doctor ON doctor.id = appointment.doctor,
		LATERAL call_window(appointment.during) win
	WHERE (patient.id = who.id OR patient.guardian = who.id)
		AND appointment.is_video AND appointment.state IN ('booked', 'arrived')
		AND lower(appointment.during) > at_now - interval '3 days'
		AND upper(win) > at_now
	ORDER BY appointment.during LIMIT 1;
END $$;
COMMENT ON FUNCTION api.call_next(text) IS
	'The next video visit of a patient: when to call, and whom.';

CREATE FUNCTION api.calls_open()
RETURNS TABLE (doctor bigint, patient bigint, is_doctors boolean, sid text,
	is_answered boolean, age_s integer, caller_device text, callee_device text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- The calls that may still be under way: what rings too long, or lasts for half
	-- a day, has ended and nobody told.
	SELECT doctor, patient, is_doctors, sid, answered_at IS NOT NULL,
		greatest(extract(epoch FROM clinic.now() - begun_at), 0)::integer,
		caller_device, callee_device
	FROM call
	WHERE ended_at IS NULL AND begun_at > clinic.now() - CASE
		WHEN answered_at IS NULL THEN interval '2 minutes'
		ELSE interval '12 hours' END
	ORDER BY begun_at
$$;
COMMENT ON FUNCTION api.calls_open() IS
	'The calls that are under way, for a bot that starts.';

CREATE FUNCTION api.hide_ip(actor text, wish boolean)
RETURNS TABLE (is_hidden boolean, is_own boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Whether somebody's calls go through relays only, from now on as they wish. NULL
-- only tells. is_own: they said so themselves.
DECLARE
	who person := asker(actor);
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	END IF;
	UPDATE person SET hides_ip = wish
	WHERE id = who.id AND wish IS NOT NULL AND hides_ip IS DISTINCT FROM wish;
	RETURN QUERY SELECT hides_ip(who.id), person.hides_ip IS NOT NULL
	FROM person WHERE person.id = who.id;
END $$;
COMMENT ON FUNCTION api.hide_ip(text, boolean) IS
	'Whether somebody''s calls go through relays only, as they wish.';
