UPDATE data_keys SET owner = 'month:' || substr(owner, 17) WHERE owner LIKE 'month:strangers:%';

CREATE TABLE stranger_entries (
    hour INTEGER NOT NULL PRIMARY KEY,
    entries INTEGER NOT NULL
) STRICT;

DROP TABLE entry_counts;
