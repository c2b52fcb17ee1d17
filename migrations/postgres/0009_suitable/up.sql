-- Every gate passed when it was proposed and none was unknown: only then is it an offer that counts.
ALTER TABLE referrals ADD COLUMN suitable BOOLEAN NOT NULL DEFAULT FALSE;
-- The step a gate was answered for with: whose word it is stands there.
ALTER TABLE referral_overrides ADD COLUMN step BIGINT NOT NULL DEFAULT 1;

-- A consent may end by its day; a household may end by a merge.
ALTER TABLE referral_moves DROP CONSTRAINT referral_moves_reason_check;
ALTER TABLE referral_moves ADD CONSTRAINT referral_moves_reason_check CHECK (reason IN ('pay', 'hours', 'distance', 'work_content', 'work_environment', 'physical_load', 'skill_too_low', 'child_care', 'elder_care', 'health', 'contract', 'lodging', 'employer_reputation', 'wants_training', 'other_job', 'not_looking', 'place_filled', 'skill_not_met', 'certificate_missing', 'experience_short', 'hours_not_possible', 'interview_not_passed', 'trial_not_passed', 'health_check_not_passed', 'did_not_appear', 'not_reached', 'documents_missing', 'pay_wish_too_high', 'orders_fell', 'posting_changed', 'contract_ended', 'resigned', 'dismissed', 'laid_off', 'employer_closed', 'moved_away', 'retired', 'entered_by_mistake', 'consent_withdrawn', 'consent_expired', 'data_restricted', 'no_answer', 'hired_elsewhere', 'other'));
ALTER TABLE recognitions DROP CONSTRAINT recognitions_end_reason_check;
ALTER TABLE recognitions ADD CONSTRAINT recognitions_end_reason_check CHECK (end_reason IN ('suitable_offers_refused', 'unreachable', 'moved_away', 'nobody_employable', 'merged', 'by_mistake', 'covered'));
