-- The marts: one table a noun, made from the record by warehouse/sql/marts, never written by hand.
-- What is only a reading of other tables is a view and cannot go out of step.

CREATE TABLE place (
    place VARCHAR NOT NULL,
    name VARCHAR,
    kind VARCHAR,
    country VARCHAR,
    latitude DOUBLE,
    longitude DOUBLE,
    opened_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    capacity INTEGER,
    legal_basis VARCHAR
);
COMMENT ON TABLE place IS 'The places of the network as last described. A place that only events mention has no row.';
COMMENT ON COLUMN place.place IS 'Id of the place.';
COMMENT ON COLUMN place.name IS 'Its public name.';
COMMENT ON COLUMN place.kind IS 'FabLab, coworking … as its source calls it.';
COMMENT ON COLUMN place.country IS 'ISO 3166 code.';
COMMENT ON COLUMN place.latitude IS 'Degrees, WGS 84.';
COMMENT ON COLUMN place.longitude IS 'Degrees, WGS 84.';
COMMENT ON COLUMN place.opened_at IS 'When it joined the network (UTC).';
COMMENT ON COLUMN place.closed_at IS 'When it left the network (UTC); null while it is open.';
COMMENT ON COLUMN place.capacity IS 'How many people it can hold.';
COMMENT ON COLUMN place.legal_basis IS 'On which legal basis it shares its data.';

CREATE TABLE organisation (
    organisation VARCHAR NOT NULL,
    circle VARCHAR,
    size_class VARCHAR,
    sector VARCHAR,
    country VARCHAR,
    place VARCHAR,
    joined_at TIMESTAMPTZ,
    left_at TIMESTAMPTZ
);
COMMENT ON TABLE organisation IS 'Firms and institutions, under a pseudonym.';
COMMENT ON COLUMN organisation.organisation IS 'Pseudonym.';
COMMENT ON COLUMN organisation.circle IS 'consortium, second or network.';
COMMENT ON COLUMN organisation.size_class IS 'Class of head count: 1-9, 10-49, 50-249, 250+.';
COMMENT ON COLUMN organisation.sector IS 'Two digits of the activity code.';
COMMENT ON COLUMN organisation.country IS 'ISO 3166 code.';
COMMENT ON COLUMN organisation.place IS 'Nearest place of the network.';
COMMENT ON COLUMN organisation.joined_at IS 'When it joined (UTC).';
COMMENT ON COLUMN organisation.left_at IS 'When it left (UTC); null while it is in.';

CREATE TABLE membership (
    member VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    joined_at TIMESTAMPTZ,
    left_at TIMESTAMPTZ,
    place VARCHAR,
    public VARCHAR,
    country VARCHAR,
    facilitator BOOLEAN,
    organisation VARCHAR
);
COMMENT ON TABLE membership IS 'What member.joined, renewed and left say of a member; see the view member.';
COMMENT ON COLUMN membership.member IS 'Pseudonym.';
COMMENT ON COLUMN membership.source IS 'Source that told of the member; its legal basis holds for her.';
COMMENT ON COLUMN membership.joined_at IS 'First time she joined (UTC).';
COMMENT ON COLUMN membership.left_at IS 'When she left (UTC); null after a later joining or renewal.';
COMMENT ON COLUMN membership.place IS 'Place that she joined through.';
COMMENT ON COLUMN membership.public IS 'university, company or general.';
COMMENT ON COLUMN membership.country IS 'ISO 3166 code.';
COMMENT ON COLUMN membership.facilitator IS 'True for staff who animate the place.';
COMMENT ON COLUMN membership.organisation IS 'Pseudonym of her organisation.';

CREATE TABLE identity (
    member VARCHAR NOT NULL,
    canonical VARCHAR NOT NULL
);
COMMENT ON TABLE identity IS 'Pseudonyms that are one person; every other mart shows the canonical one.';
COMMENT ON COLUMN identity.member IS 'A pseudonym that is linked to another.';
COMMENT ON COLUMN identity.canonical IS 'The least pseudonym of the same person.';

CREATE TABLE consent (
    member VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    given BOOLEAN NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ
);
COMMENT ON TABLE consent IS 'Spells of one answer to one purpose, half-open, without overlap.';
COMMENT ON COLUMN consent.member IS 'Pseudonym.';
COMMENT ON COLUMN consent.purpose IS 'analytics, named_in_report, matching or share_with_companies.';
COMMENT ON COLUMN consent.given IS 'True for given, false for withdrawn or objected.';
COMMENT ON COLUMN consent.since IS 'From when (UTC), included.';
COMMENT ON COLUMN consent.until IS 'Until when (UTC), excluded; null while it holds.';

CREATE TABLE workshop (
    workshop VARCHAR NOT NULL,
    place VARCHAR,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    head_count INTEGER,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE workshop IS 'Workshops that took place.';
COMMENT ON COLUMN workshop.workshop IS 'Id of the workshop.';
COMMENT ON COLUMN workshop.place IS 'Where; null when not known.';
COMMENT ON COLUMN workshop.started_at IS 'Start (UTC).';
COMMENT ON COLUMN workshop.ended_at IS 'End (UTC); null when not known.';
COMMENT ON COLUMN workshop.head_count IS 'Heads counted, where the source gives a number; null when not known.';
COMMENT ON COLUMN workshop.source IS 'Source that told of it.';

CREATE TABLE workshop_skill (
    workshop VARCHAR NOT NULL,
    skill VARCHAR NOT NULL
);
COMMENT ON TABLE workshop_skill IS 'Skills that a workshop taught, each once.';
COMMENT ON COLUMN workshop_skill.workshop IS 'Id of the workshop.';
COMMENT ON COLUMN workshop_skill.skill IS 'Skill.';

CREATE TABLE attendance (
    workshop VARCHAR NOT NULL,
    member VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);
COMMENT ON TABLE attendance IS 'Who was at a workshop, each person once a role; deleted accounts are left out.';
COMMENT ON COLUMN attendance.workshop IS 'Id of the workshop.';
COMMENT ON COLUMN attendance.member IS 'Pseudonym.';
COMMENT ON COLUMN attendance.role IS 'learner, instructor, helper or organiser.';

CREATE TABLE machine_use (
    machine VARCHAR NOT NULL,
    member VARCHAR,
    place VARCHAR,
    skill VARCHAR,
    minutes INTEGER,
    used_at TIMESTAMPTZ NOT NULL,
    source VARCHAR NOT NULL,
    event VARCHAR NOT NULL
);
COMMENT ON TABLE machine_use IS 'Uses of machines.';
COMMENT ON COLUMN machine_use.machine IS 'Id of the machine.';
COMMENT ON COLUMN machine_use.member IS 'Pseudonym; null for a deleted account.';
COMMENT ON COLUMN machine_use.place IS 'Where.';
COMMENT ON COLUMN machine_use.skill IS 'Skill that the machine takes.';
COMMENT ON COLUMN machine_use.minutes IS 'How long, in minutes.';
COMMENT ON COLUMN machine_use.used_at IS 'When (UTC).';
COMMENT ON COLUMN machine_use.source IS 'Source that told of it.';
COMMENT ON COLUMN machine_use.event IS 'Id of the event.';

CREATE TABLE help_request (
    request VARCHAR NOT NULL,
    requester VARCHAR,
    organisation VARCHAR,
    place VARCHAR,
    requested_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    outcome VARCHAR,
    accepted_answer VARCHAR,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE help_request IS 'Requests for help.';
COMMENT ON COLUMN help_request.request IS 'Id of the request.';
COMMENT ON COLUMN help_request.requester IS 'Pseudonym; null for a deleted account.';
COMMENT ON COLUMN help_request.organisation IS 'Pseudonym of the firm that asks.';
COMMENT ON COLUMN help_request.place IS 'Place where it was asked.';
COMMENT ON COLUMN help_request.requested_at IS 'When (UTC).';
COMMENT ON COLUMN help_request.closed_at IS 'When it was closed (UTC); null while it is open.';
COMMENT ON COLUMN help_request.outcome IS 'solved, withdrawn or expired; null while it is open.';
COMMENT ON COLUMN help_request.accepted_answer IS 'Id of the answer that solved it.';
COMMENT ON COLUMN help_request.source IS 'Source that told of it.';

CREATE TABLE help_request_skill (
    request VARCHAR NOT NULL,
    skill VARCHAR NOT NULL
);
COMMENT ON TABLE help_request_skill IS 'Skills that a request asks for, each once.';
COMMENT ON COLUMN help_request_skill.request IS 'Id of the request.';
COMMENT ON COLUMN help_request_skill.skill IS 'Skill.';

CREATE TABLE help_answer (
    answer VARCHAR NOT NULL,
    request VARCHAR NOT NULL,
    helper VARCHAR,
    answered_at TIMESTAMPTZ NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE help_answer IS 'Answers to requests; self-answers are kept here and left out by the metrics.';
COMMENT ON COLUMN help_answer.answer IS 'Id of the answer.';
COMMENT ON COLUMN help_answer.request IS 'Id of the request that it answers.';
COMMENT ON COLUMN help_answer.helper IS 'Pseudonym; null for a deleted account.';
COMMENT ON COLUMN help_answer.answered_at IS 'When (UTC).';
COMMENT ON COLUMN help_answer.source IS 'Source that told of it.';

CREATE TABLE skill_statement (
    member VARCHAR NOT NULL,
    skill VARCHAR NOT NULL,
    rung VARCHAR NOT NULL,
    level INTEGER,
    stated_at TIMESTAMPTZ NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE skill_statement IS 'Skills as declared, certified or lapsed.';
COMMENT ON COLUMN skill_statement.member IS 'Pseudonym.';
COMMENT ON COLUMN skill_statement.skill IS 'Skill.';
COMMENT ON COLUMN skill_statement.rung IS 'declared, certified or lapsed.';
COMMENT ON COLUMN skill_statement.level IS '1 to 3; null for lapsed.';
COMMENT ON COLUMN skill_statement.stated_at IS 'When (UTC).';
COMMENT ON COLUMN skill_statement.source IS 'Source that told of it.';

CREATE TABLE input (
    source VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    legal_basis VARCHAR NOT NULL,
    place VARCHAR,
    rhythm_days INTEGER,
    read BIGINT NOT NULL,
    published BIGINT NOT NULL,
    ignored BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    summarised_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE input IS 'The last summary of each source: read = published + ignored + rejected.';
COMMENT ON COLUMN input.source IS 'The source, a URN.';
COMMENT ON COLUMN input.title IS 'What people call it.';
COMMENT ON COLUMN input.legal_basis IS 'consent, public_task, legitimate_interest or public_data.';
COMMENT ON COLUMN input.place IS 'Place that runs it.';
COMMENT ON COLUMN input.rhythm_days IS 'Longest silence that is usual for it, in days; null when not known.';
COMMENT ON COLUMN input.read IS 'Items read.';
COMMENT ON COLUMN input.published IS 'Items that became events.';
COMMENT ON COLUMN input.ignored IS 'Items that hold nothing for us.';
COMMENT ON COLUMN input.rejected IS 'Items that the source could not map.';
COMMENT ON COLUMN input.summarised_at IS 'Time of the summary (UTC).';

CREATE VIEW skill_evidence AS
SELECT member, skill, rung, level, stated_at AS "at" FROM skill_statement
UNION ALL
SELECT attendance.member, workshop_skill.skill,
       CASE attendance.role WHEN 'learner' THEN 'learned' ELSE 'taught' END, NULL, workshop.started_at
FROM attendance
JOIN workshop USING (workshop)
JOIN workshop_skill USING (workshop)
WHERE attendance.role IN ('learner', 'instructor')
UNION ALL
SELECT member, skill, 'used', NULL, used_at FROM machine_use WHERE member IS NOT NULL AND skill IS NOT NULL
UNION ALL
SELECT help_answer.helper, help_request_skill.skill, 'helped', NULL, help_answer.answered_at
FROM help_answer
JOIN help_request USING (request)
JOIN help_request_skill USING (request)
WHERE help_answer.helper IS NOT NULL AND help_answer.helper IS DISTINCT FROM help_request.requester;
COMMENT ON VIEW skill_evidence IS 'What shows that a member has a skill; one row an occasion.';
COMMENT ON COLUMN skill_evidence.member IS 'Pseudonym.';
COMMENT ON COLUMN skill_evidence.skill IS 'Skill.';
COMMENT ON COLUMN skill_evidence.rung IS 'declared, certified, lapsed, learned, used, taught or helped.';
COMMENT ON COLUMN skill_evidence.level IS '1 to 3 where stated.';
COMMENT ON COLUMN skill_evidence."at" IS 'When (UTC).';

CREATE VIEW appearance AS
SELECT attendance.member, workshop.source, workshop.place, workshop.started_at AS appeared_at
FROM attendance JOIN workshop USING (workshop)
UNION ALL
SELECT requester, source, place, requested_at FROM help_request WHERE requester IS NOT NULL
UNION ALL
SELECT helper, source, NULL, answered_at FROM help_answer WHERE helper IS NOT NULL
UNION ALL
SELECT member, source, place, used_at FROM machine_use WHERE member IS NOT NULL
UNION ALL
SELECT member, source, NULL, stated_at FROM skill_statement;
COMMENT ON VIEW appearance IS 'Every time a member shows up in an activity.';
COMMENT ON COLUMN appearance.member IS 'Pseudonym.';
COMMENT ON COLUMN appearance.source IS 'Source that told of it.';
COMMENT ON COLUMN appearance.place IS 'Where, when known.';
COMMENT ON COLUMN appearance.appeared_at IS 'When (UTC).';

CREATE VIEW member AS
WITH appeared AS (
    SELECT member, min(appeared_at) AS joined_at FROM appearance GROUP BY member
)
SELECT coalesce(membership.member, appeared.member) AS member,
       coalesce(membership.joined_at, appeared.joined_at) AS joined_at,
       membership.left_at, membership.place, membership.public, membership.country,
       coalesce(membership.facilitator, FALSE) AS facilitator, membership.organisation
FROM membership
FULL JOIN appeared ON appeared.member = membership.member;
COMMENT ON VIEW member IS 'Everyone in the network: who joined, and who only ever appears in activities.';
COMMENT ON COLUMN member.member IS 'Pseudonym.';
COMMENT ON COLUMN member.joined_at IS 'When she joined, else when she first appeared (UTC).';
COMMENT ON COLUMN member.left_at IS 'When she left (UTC); null while she is in.';
COMMENT ON COLUMN member.place IS 'Place that she joined through; null when not known.';
COMMENT ON COLUMN member.public IS 'university, company or general; null when not known.';
COMMENT ON COLUMN member.country IS 'ISO 3166 code; null when not known.';
COMMENT ON COLUMN member.facilitator IS 'True for staff who animate a place.';
COMMENT ON COLUMN member.organisation IS 'Pseudonym of her organisation; null when not known.';

CREATE VIEW hidden AS
WITH named AS (
    SELECT member, source FROM membership
    UNION
    SELECT member, source FROM appearance
),
basis AS (
    SELECT named.member, bool_or(coalesce(input.legal_basis, 'consent') = 'consent') AS needs_consent
    FROM named LEFT JOIN input USING (source)
    GROUP BY named.member
),
answered AS (
    SELECT member, given, since, until FROM consent WHERE purpose = 'analytics'
)
SELECT basis.member, TIMESTAMPTZ '0001-01-01 00:00:00+00' AS since, min(answered.since) AS until
FROM basis LEFT JOIN answered USING (member)
WHERE basis.needs_consent
GROUP BY basis.member
UNION ALL
SELECT member, since, until FROM answered WHERE NOT given;
COMMENT ON VIEW hidden IS 'Spells in which a member is not counted: no consent yet where it is needed, or an objection.';
COMMENT ON COLUMN hidden.member IS 'Pseudonym.';
COMMENT ON COLUMN hidden.since IS 'From when (UTC), included.';
COMMENT ON COLUMN hidden.until IS 'Until when (UTC), excluded; null while it holds.';
