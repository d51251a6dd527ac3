ALTER TABLE person_values DROP COLUMN vouched_at;
ALTER TABLE person_values DROP COLUMN vouch;
