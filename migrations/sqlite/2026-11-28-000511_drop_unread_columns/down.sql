ALTER TABLE clients ADD COLUMN consent_required INTEGER NOT NULL DEFAULT 1;
ALTER TABLE clients ADD COLUMN nonce_exempt_reason TEXT;
ALTER TABLE clients ADD COLUMN nonce_required INTEGER NOT NULL DEFAULT 1;
ALTER TABLE clients ADD COLUMN pkce_exempt_reason TEXT;
