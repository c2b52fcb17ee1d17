DROP TABLE calendar_days;
DROP TABLE household_services;
DROP TABLE recognitions;
