-- The day on which the employer would like to talk to the candidate, told to the person with the request.
ALTER TABLE introductions ADD COLUMN interview_on DATE;
