DROP TABLE skill_evidence;
DROP TABLE attendances;
DROP TABLE enrolment_moves;
DROP TABLE enrolments;
DROP TABLE course_hours;
DROP TABLE course_skills;
DROP TABLE courses;
