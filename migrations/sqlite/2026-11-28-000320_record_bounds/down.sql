DROP INDEX entries_of_strangers;
DROP TABLE stranger_entries;
