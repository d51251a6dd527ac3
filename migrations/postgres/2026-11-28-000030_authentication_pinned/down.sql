ALTER TABLE clients DROP COLUMN authentication_pinned;
