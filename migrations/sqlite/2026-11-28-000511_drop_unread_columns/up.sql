-- clients: what no version reads any more.
ALTER TABLE clients DROP COLUMN pkce_exempt_reason;
ALTER TABLE clients DROP COLUMN nonce_required;
ALTER TABLE clients DROP COLUMN nonce_exempt_reason;
ALTER TABLE clients DROP COLUMN consent_required;
