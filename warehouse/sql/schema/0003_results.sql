-- Results: what analytics computed, replaced by (metric, week) in one transaction.

CREATE TABLE tie (
    week DATE NOT NULL,
    layer VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    strength DOUBLE NOT NULL,
    count INTEGER NOT NULL
);
COMMENT ON TABLE tie IS 'Ties between members over the window that ends with the week.';
COMMENT ON COLUMN tie.week IS 'Monday of the week.';
COMMENT ON COLUMN tie.layer IS 'copresence (once, source < target), teaching (learner to instructor) or help (requester to helper).';
COMMENT ON COLUMN tie.source IS 'Pseudonym.';
COMMENT ON COLUMN tie.target IS 'Pseudonym.';
COMMENT ON COLUMN tie.strength IS 'Sum over shared events of 1/(participants - 1), halved every half-life.';
COMMENT ON COLUMN tie.count IS 'Shared events in the window.';

CREATE TABLE metric_value (
    metric VARCHAR NOT NULL,
    week DATE NOT NULL,
    layer VARCHAR,
    subject_kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    value DOUBLE,
    low DOUBLE,
    high DOUBLE,
    n INTEGER,
    computed_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE metric_value IS 'Metrics by week, layer and subject.';
COMMENT ON COLUMN metric_value.metric IS 'Name of the metric; maillage metrics lists them.';
COMMENT ON COLUMN metric_value.week IS 'Monday of the week.';
COMMENT ON COLUMN metric_value.layer IS 'Layer of ties that it was computed on; null where there is none.';
COMMENT ON COLUMN metric_value.subject_kind IS 'member, place, skill or network.';
COMMENT ON COLUMN metric_value.subject IS 'Id of the subject; network for the whole.';
COMMENT ON COLUMN metric_value.value IS 'The value; null where it is not defined (too few ties).';
COMMENT ON COLUMN metric_value.low IS 'Lower end of its interval, where it has one.';
COMMENT ON COLUMN metric_value.high IS 'Upper end of its interval, where it has one.';
COMMENT ON COLUMN metric_value.n IS 'How many it rests on: people for member networks and skills.';
COMMENT ON COLUMN metric_value.computed_at IS 'The present of the run that computed it (UTC).';

CREATE TABLE skill_week (
    skill VARCHAR NOT NULL,
    week DATE NOT NULL,
    events INTEGER NOT NULL,
    people INTEGER NOT NULL,
    learned INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    answered INTEGER NOT NULL
);
COMMENT ON TABLE skill_week IS 'Raw counts by skill and week; a week without any has no row.';
COMMENT ON COLUMN skill_week.skill IS 'Skill.';
COMMENT ON COLUMN skill_week.week IS 'Monday of the week.';
COMMENT ON COLUMN skill_week.events IS 'Workshops, requests, answers, uses and statements about the skill.';
COMMENT ON COLUMN skill_week.people IS 'Distinct members in them.';
COMMENT ON COLUMN skill_week.learned IS 'Distinct learners at workshops that taught it.';
COMMENT ON COLUMN skill_week.asked IS 'Requests that asked for it.';
COMMENT ON COLUMN skill_week.answered IS 'Answers by somebody else to requests for it.';

CREATE TABLE computed (
    metric VARCHAR NOT NULL,
    week DATE NOT NULL,
    computed_at TIMESTAMPTZ NOT NULL,
    version VARCHAR NOT NULL
);
COMMENT ON TABLE computed IS 'Which (metric, week) stand in the results, also where a week has no row.';
COMMENT ON COLUMN computed.metric IS 'Name of the metric.';
COMMENT ON COLUMN computed.week IS 'Monday of the week.';
COMMENT ON COLUMN computed.computed_at IS 'The present of the run that computed it (UTC).';
COMMENT ON COLUMN computed.version IS 'Version of the metric that computed it.';
