DROP TABLE word_mappings;
DROP TABLE column_mappings;
