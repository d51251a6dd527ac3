-- A browser gets a new device cookie at each sign-in; the one before counts for a few minutes more.
ALTER TABLE known_devices ADD COLUMN previous_hash BLOB; -- class: internal
ALTER TABLE known_devices ADD COLUMN previous_until INTEGER; -- class: internal
CREATE INDEX known_devices_by_cookie_hash ON known_devices (cookie_hash);
CREATE INDEX known_devices_by_previous_hash ON known_devices (previous_hash);
