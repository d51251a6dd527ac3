-- clients: why the addresses of an application may be http on a private network, or have a custom scheme without a dot.
ALTER TABLE clients ADD COLUMN private_http_reason TEXT; -- class: internal
ALTER TABLE clients ADD COLUMN undotted_scheme_reason TEXT; -- class: internal
