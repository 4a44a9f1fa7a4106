-- reset.sql - the clinic without anybody and anything in it: what refers to a
-- person or a specialty goes with them. The clinic's settings stay.
TRUNCATE clinic.person, clinic.specialty, clinic.conversation, clinic.audit
	RESTART IDENTITY CASCADE;
