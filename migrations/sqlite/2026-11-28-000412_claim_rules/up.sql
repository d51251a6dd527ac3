-- clients: who decides about each claim; and for the organisation's own applications, why nobody is asked, by whose decision and since when.
-- consent_required is read by the version before only; a later migration removes it.
ALTER TABLE clients ADD COLUMN claim_rules TEXT NOT NULL DEFAULT '{"name":"needed","username":"choice","email":"choice"}'; -- class: internal
ALTER TABLE clients ADD COLUMN own_reason TEXT; -- class: internal
ALTER TABLE clients ADD COLUMN own_decided_by BLOB; -- class: internal
ALTER TABLE clients ADD COLUMN own_decided_at INTEGER; -- class: internal
