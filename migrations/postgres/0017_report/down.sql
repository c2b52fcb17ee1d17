DROP TABLE saved_views;
DROP TABLE report_signatures;
DROP TABLE report_changes;
DROP TABLE report_figures;
DROP TABLE reports;
DROP FUNCTION report_is_fixed();
