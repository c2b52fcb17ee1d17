DROP TABLE record_findings;
