-- entry_counts: how many entries about nobody known, and how many refusals of a kind about one person or application, an hour had;
-- beyond a number they are counted only.
CREATE TABLE entry_counts (
    about TEXT NOT NULL, -- class: internal
    about_id BLOB NOT NULL, -- class: internal
    kind TEXT NOT NULL, -- class: internal
    hour INTEGER NOT NULL, -- class: internal
    entries INTEGER NOT NULL, -- class: internal
    PRIMARY KEY (about_id, kind, hour)
) STRICT;

DROP TABLE stranger_entries;

-- data_keys: the keys of months are named by the class of the entries, too.
UPDATE data_keys SET owner = 'month:strangers:' || substr(owner, 7) WHERE owner LIKE 'month:______';
