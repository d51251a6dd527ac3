ALTER TABLE consents DROP COLUMN told_at;
ALTER TABLE consents DROP COLUMN shown;
ALTER TABLE clients DROP COLUMN shown_changed_at;
ALTER TABLE clients DROP COLUMN pkce_used_at;
ALTER TABLE clients DROP COLUMN hardened;
