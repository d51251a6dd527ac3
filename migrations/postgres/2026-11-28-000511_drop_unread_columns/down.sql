ALTER TABLE clients ADD COLUMN consent_required boolean NOT NULL DEFAULT true;
ALTER TABLE clients ADD COLUMN nonce_exempt_reason text;
ALTER TABLE clients ADD COLUMN nonce_required boolean NOT NULL DEFAULT true;
ALTER TABLE clients ADD COLUMN pkce_exempt_reason text;
