UPDATE data_keys SET owner = 'month:' || substr(owner, 17) WHERE owner LIKE 'month:strangers:%';

CREATE TABLE stranger_entries (
    hour bigint NOT NULL PRIMARY KEY,
    entries bigint NOT NULL
);

DROP TABLE entry_counts;
