-- What the vocabulary is known by: another mark whenever one of its rows changes, so that what a program built of it serves as long as the
-- mark is the same. Two databases, and what was rolled back, never share one. No record: a backup does not carry it.
CREATE TABLE __vocabulary (mark TEXT NOT NULL);
INSERT INTO __vocabulary (mark) VALUES (gen_random_uuid()::text);
CREATE FUNCTION mark_vocabulary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE __vocabulary SET mark = gen_random_uuid()::text;
    RETURN NULL;
END
$$;
CREATE TRIGGER vocabulary_skills AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON skills FOR EACH STATEMENT EXECUTE FUNCTION mark_vocabulary();
CREATE TRIGGER vocabulary_skill_aliases AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON skill_aliases FOR EACH STATEMENT EXECUTE FUNCTION mark_vocabulary();
CREATE TRIGGER vocabulary_skill_links AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON skill_links FOR EACH STATEMENT EXECUTE FUNCTION mark_vocabulary();
CREATE TRIGGER vocabulary_occupations AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON occupations FOR EACH STATEMENT EXECUTE FUNCTION mark_vocabulary();
