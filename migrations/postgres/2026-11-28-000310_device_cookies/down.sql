DROP INDEX known_devices_cookie;
