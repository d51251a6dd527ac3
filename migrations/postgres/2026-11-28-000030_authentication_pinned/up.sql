-- Whether an application must present its secret by the method in "authentication". Those that are registered already must,
-- as they had to until now.
ALTER TABLE clients ADD COLUMN authentication_pinned boolean NOT NULL DEFAULT true; -- class: internal
