CREATE INDEX known_devices_cookie ON known_devices (cookie_hash);
