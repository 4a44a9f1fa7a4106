-- tidy.sql - forgetting what nobody asks for any more.

CREATE FUNCTION api.tidy(most integer, audit_days integer)
RETURNS TABLE (gone integer, is_more boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Forgets at most so many rows of each kind: the audit when it is so many days
-- old, forms after a day, messages that waited once they have arrived, and after 90
-- days what became of deliveries (but not about a visit that was not over then: it
-- could be reminded of again) and when doctors worked or did not. Visits and what
-- happened to them stay: they are the record. A call whose end nobody told has ended
-- by then. is_more: call again.
#variable_conflict use_column
DECLARE
	at_now timestamptz := clinic.now();
	old_at timestamptz := at_now - interval '90 days';
	past tstzrange := tstzrange(old_at, NULL);
BEGIN
	PERFORM call_end(call, 'failed', at_now) FROM call
	WHERE call.ended_at IS NULL AND begun_at < at_now - interval '12 hours';
	RETURN QUERY WITH
		deliveries AS (DELETE FROM delivery WHERE id = ANY (ARRAY(SELECT id
				FROM delivery WHERE outcome IS NOT NULL AND ended_at < old_at
					AND NOT EXISTS (SELECT FROM appointment
						WHERE appointment.id = delivery.appointment
							AND upper(during) > old_at)
				ORDER BY ended_at LIMIT most)) RETURNING 1),
		audits AS (DELETE FROM audit WHERE id = ANY (ARRAY(SELECT id FROM audit
				WHERE at < at_now - tidy.audit_days * interval '1 day'
				ORDER BY at LIMIT most)) RETURNING 1),
		forms AS (DELETE FROM conversation WHERE ctid = ANY (ARRAY(SELECT ctid
				FROM conversation WHERE updated_at < at_now - interval '24 hours'
				ORDER BY updated_at LIMIT most FOR UPDATE SKIP LOCKED))
			RETURNING 1),
		openings AS (DELETE FROM opening WHERE ctid = ANY (ARRAY(SELECT one.ctid
				FROM doctor CROSS JOIN LATERAL (SELECT ctid FROM opening
					WHERE opening.doctor = doctor.person AND during << past
					LIMIT most) one
				LIMIT most)) RETURNING 1),
		times_off AS (DELETE FROM time_off WHERE id = ANY (ARRAY(SELECT one.id
				FROM doctor CROSS JOIN LATERAL (SELECT id FROM time_off
					WHERE time_off.doctor = doctor.person AND during << past
					LIMIT most) one
				LIMIT most)) RETURNING 1),
		extras AS (DELETE FROM extra_opening WHERE id = ANY (ARRAY(SELECT one.id
				FROM doctor CROSS JOIN LATERAL (SELECT id FROM extra_opening
					WHERE extra_opening.doctor = doctor.person AND during << past
					LIMIT most) one
				LIMIT most)) RETURNING 1),
		parkeds AS (DELETE FROM parked WHERE parked.id = ANY (ARRAY(SELECT parked.id
				FROM parked WHERE sent_at < at_now - interval '10 minutes'
				ORDER BY sent_at LIMIT most)) RETURNING 1),
		holidays AS (DELETE FROM holiday WHERE id = ANY (ARRAY(SELECT id
				FROM holiday WHERE during << past LIMIT most)) RETURNING 1)
	SELECT sum(count)::integer, bool_or(count >= most) FROM (
		SELECT count(*) FROM deliveries UNION ALL SELECT count(*) FROM audits
		UNION ALL SELECT count(*) FROM forms
		UNION ALL SELECT count(*) FROM openings
		UNION ALL SELECT count(*) FROM times_off
		UNION ALL SELECT count(*) FROM extras
		UNION ALL SELECT count(*) FROM parkeds
		UNION ALL SELECT count(*) FROM holidays) kinds;
END $$;
COMMENT ON FUNCTION api.tidy(integer, integer) IS
	'Forgets some of what nobody asks for any more; visits stay.';
