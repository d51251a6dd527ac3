-- stranger_entries: how many entries about nobody known an hour had; beyond a number they are counted only
CREATE TABLE stranger_entries (
    hour bigint NOT NULL PRIMARY KEY, -- class: internal
    entries bigint NOT NULL -- class: internal
);

CREATE INDEX entries_of_strangers ON entries (id) WHERE actor_kind = 'unknown' AND subject_id IS NULL;
