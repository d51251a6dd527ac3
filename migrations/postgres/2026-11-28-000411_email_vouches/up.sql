-- An administrator's word that an address is the person's: who, why and for which address, sealed; and when.
ALTER TABLE person_values ADD COLUMN vouch bytea; -- class: personal
ALTER TABLE person_values ADD COLUMN vouched_at timestamptz; -- class: internal
