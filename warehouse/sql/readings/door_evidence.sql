-- All evidence of the members who are counted now, also of who has left since: she was a holder once.
-- Grain: an occasion of (member, skill).
SELECT skill_evidence.member, skill_evidence.skill, skill_evidence.rung, skill_evidence.level, skill_evidence."at"
FROM skill_evidence
ANTI JOIN hidden_spell ON hidden_spell.member = skill_evidence.member AND hidden_spell.until IS NULL;
