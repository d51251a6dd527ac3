-- An administrator's word that an address is the person's: who, why and for which address, sealed; and when.
ALTER TABLE person_values ADD COLUMN vouch BLOB; -- class: personal
ALTER TABLE person_values ADD COLUMN vouched_at INTEGER; -- class: internal
