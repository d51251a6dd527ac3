ALTER TABLE clients DROP COLUMN own_decided_at;
ALTER TABLE clients DROP COLUMN own_decided_by;
ALTER TABLE clients DROP COLUMN own_reason;
ALTER TABLE clients DROP COLUMN claim_rules;
