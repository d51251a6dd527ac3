-- clients: what an application must send with a request (RFC 9700 section 2.1.1), and when what people are shown of it changed.
-- pkce_exempt_reason, nonce_required and nonce_exempt_reason are read by the version before only; a later migration removes them.
ALTER TABLE clients ADD COLUMN hardened INTEGER NOT NULL DEFAULT 0; -- class: internal
ALTER TABLE clients ADD COLUMN pkce_used_at INTEGER; -- class: internal
ALTER TABLE clients ADD COLUMN shown_changed_at INTEGER; -- class: internal
-- consents: what the page showed when the person decided, and when they were last told that it changed.
ALTER TABLE consents ADD COLUMN shown TEXT; -- class: internal
ALTER TABLE consents ADD COLUMN told_at INTEGER; -- class: internal
