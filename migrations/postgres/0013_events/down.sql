DROP TABLE event_streams;
DROP TABLE events;
