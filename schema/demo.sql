-- demo.sql - Riverside Clinic: the demo's and the tests' people and hours.
--
-- Loading it again changes nothing. It has rules but no openings: the bot makes
-- them; weekly.sql does so without a bot.

BEGIN;
SET LOCAL search_path = clinic, pg_temp;
SET LOCAL client_min_messages = warning;

UPDATE clinic SET name = 'Riverside Clinic', zone = 'Europe/Madrid',
	currency = 'EUR', language = 'en', reminders = '{1440,60}',
	horizon_days = 120, quiet_from = '21:00', quiet_to = '08:00';

INSERT INTO person (jid, name, birth_date, phone, registered_at) VALUES
	('ruiz@localhost', 'Ana Ruiz', NULL, NULL, NULL),
	('chen@localhost', 'Wei Chen', NULL, NULL, NULL),
	('okafor@localhost', 'Ngozi Okafor', NULL, NULL, NULL),
	('admin@localhost', 'Alex Admin', NULL, NULL, NULL),
	('tom@localhost', 'Tom Baker', '1975-06-30', '+34 600 100 200', clinic.now()),
	('mia@localhost', 'Mia Wong', '1992-11-02', NULL, clinic.now())
ON CONFLICT DO NOTHING;

INSERT INTO role (person, role)
SELECT person.id, given::role_name FROM (VALUES
	('ruiz@localhost', 'doctor'), ('chen@localhost', 'doctor'),
	('okafor@localhost', 'doctor'), ('admin@localhost', 'admin'),
	('tom@localhost', 'patient'), ('mia@localhost', 'patient')
) demo (jid, given) JOIN person USING (jid)
ON CONFLICT DO NOTHING;

INSERT INTO specialty (name)
VALUES ('Cardiology'), ('Dermatology'), ('Pediatrics')
ON CONFLICT DO NOTHING;

INSERT INTO doctor (person)
SELECT id FROM person
WHERE jid IN ('ruiz@localhost', 'chen@localhost', 'okafor@localhost')
ON CONFLICT DO NOTHING;

INSERT INTO visit_type (doctor, name, fee, currency)
SELECT person.id, 'Visit', demo.fee, 'EUR' FROM (VALUES
	('ruiz@localhost', 40), ('chen@localhost', 60), ('okafor@localhost', 45)
) demo (jid, fee) JOIN person USING (jid)
WHERE NOT EXISTS (SELECT FROM visit_type WHERE doctor = person.id);

INSERT INTO doctor_specialty (doctor, specialty)
SELECT person.id, specialty.id FROM (VALUES
	('ruiz@localhost', 'Dermatology'), ('chen@localhost', 'Cardiology'),
	('okafor@localhost', 'Pediatrics'), ('okafor@localhost', 'Dermatology')
) demo (jid, specialty)
	JOIN person USING (jid) JOIN specialty ON specialty.name = demo.specialty
ON CONFLICT DO NOTHING;

INSERT INTO availability (doctor, rrule, starts, ends)
SELECT person.id, 'FREQ=WEEKLY;BYDAY=' || demo.days, demo.starts::time,
	demo.ends::time
FROM (VALUES
	('ruiz@localhost', 'MO,TU,WE,TH,FR', '09:00', '13:00'),
	('ruiz@localhost', 'MO,TU,WE,TH,FR', '15:00', '18:00'),
	('chen@localhost', 'MO,TU,WE,TH,FR', '09:00', '13:00'),
	('chen@localhost', 'MO,WE,TH', '15:00', '18:00'),
	('okafor@localhost', 'MO,TU,WE,TH,FR', '10:00', '14:00')
) demo (jid, days, starts, ends) JOIN person USING (jid)
WHERE NOT EXISTS (SELECT FROM availability WHERE doctor = person.id)
ORDER BY demo.jid, demo.starts;

COMMIT;
