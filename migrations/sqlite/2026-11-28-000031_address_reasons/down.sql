ALTER TABLE clients DROP COLUMN undotted_scheme_reason;
ALTER TABLE clients DROP COLUMN private_http_reason;
