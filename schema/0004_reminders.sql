-- 0004_reminders.sql - each patient's own reminders, quiet hours, confirming.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.clinic
	ADD quiet_from time DEFAULT '21:00',
	ADD quiet_to time DEFAULT '08:00',
	ADD CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)
		AND quiet_from < '24:00' AND quiet_to < '24:00'
		AND quiet_from <> quiet_to);
COMMENT ON COLUMN clinic.clinic.quiet_from IS
	'From then on nobody is reminded, by the patient''s clock. NULL: never quiet.';
COMMENT ON COLUMN clinic.clinic.quiet_to IS 'Until then, on the same day or the next.';

ALTER TABLE clinic.person
	ADD reminders integer[]
		CHECK (cardinality(reminders) <= 10 AND 0 < ALL (reminders)
			AND 525600 >= ALL (reminders));
COMMENT ON COLUMN clinic.person.reminders IS
	'Minutes before a visit at which this patient is reminded. NULL: the clinic''s.';

ALTER TABLE clinic.appointment ADD confirmed_at timestamptz;
COMMENT ON COLUMN clinic.appointment.confirmed_at IS
	'When its patient said that they will come at this time.';

ALTER TABLE clinic.appointment_event
	ADD is_confirmation boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN clinic.appointment_event.is_confirmation IS
	'Nothing was changed: the patient said that they will come.';

ALTER TABLE clinic.delivery
	ADD claimed_at timestamptz,
	ADD leader bigint REFERENCES clinic.delivery ON DELETE SET NULL,
	ADD is_answered boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN clinic.delivery.claimed_at IS 'When it was handed out last.';
COMMENT ON COLUMN clinic.delivery.leader IS
	'The reminder in whose message this one is told; NULL: in its own.';
COMMENT ON COLUMN clinic.delivery.is_answered IS
	'Of a reminder: its recipient has gone on to something else since.';
CREATE UNIQUE INDEX delivery_reminder_once
	ON clinic.delivery (appointment, minutes_before, during)
	WHERE kind = 'reminder';
COMMENT ON INDEX clinic.delivery_reminder_once IS
	'A visit''s reminder exists once for each time that the visit had.';
CREATE INDEX delivery_reminders_to ON clinic.delivery (recipient)
	WHERE outcome IS NULL AND kind = 'reminder';
COMMENT ON INDEX clinic.delivery_reminders_to IS
	'What else somebody is to be reminded of (deliveries_claim).';
CREATE INDEX delivery_reminded ON clinic.delivery (recipient, claimed_at)
	WHERE kind = 'reminder' AND claimed_at IS NOT NULL;
COMMENT ON INDEX clinic.delivery_reminded IS
	'The reminder that somebody got last (hear).';
CREATE INDEX delivery_led ON clinic.delivery (leader) WHERE leader IS NOT NULL;
COMMENT ON INDEX clinic.delivery_led IS
	'What was told in one message (deliveries_done, confirm).';

CREATE TABLE clinic.reminder_change (
	appointment bigint PRIMARY KEY REFERENCES clinic.appointment ON DELETE CASCADE
);
COMMENT ON TABLE clinic.reminder_change IS
	'Visits whose reminders are to be written anew because the clinic''s settings '
	'changed; the post room does so, some at a time.';
