ALTER TABLE postings DROP COLUMN confirmed_on;
DROP TABLE notices;
DROP TABLE referral_overrides;
DROP TABLE referral_moves;
DROP TABLE referrals;
