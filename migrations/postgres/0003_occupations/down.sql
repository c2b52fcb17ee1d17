DROP TABLE occupations;
