DROP INDEX known_devices_by_previous_hash;
DROP INDEX known_devices_by_cookie_hash;
ALTER TABLE known_devices DROP COLUMN previous_until;
ALTER TABLE known_devices DROP COLUMN previous_hash;
