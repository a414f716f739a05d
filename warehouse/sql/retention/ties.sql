-- Ties are about two persons: those of before $before go, where the activities that they were made of have gone.
DELETE FROM tie USING retired
WHERE tie.week >= retired.since AND tie.week < week_of(CAST($before AS TIMESTAMPTZ));
