-- 0021_calls.sql - which devices a call is between, so that it outlives the bot.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.call
	ADD caller_device text CHECK (length(caller_device) BETWEEN 1 AND 1023),
	ADD callee_device text CHECK (length(callee_device) BETWEEN 1 AND 1023);
COMMENT ON COLUMN clinic.call.caller_device IS
	'The sealed name of the device that called, when it was seen to be there '
	'(callee_device: of the one that answered). The bot can open it, nobody else.';
COMMENT ON INDEX clinic.call_open IS
	'Calls under way (calls_open), and those whose end nobody told (tidy).';
