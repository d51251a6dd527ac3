-- stranger_entries: how many entries about nobody known an hour had; beyond a number they are counted only
CREATE TABLE stranger_entries (
    hour INTEGER NOT NULL PRIMARY KEY, -- class: internal
    entries INTEGER NOT NULL -- class: internal
) STRICT;

CREATE INDEX entries_of_strangers ON entries (id) WHERE actor_kind = 'unknown' AND subject_id IS NULL;
