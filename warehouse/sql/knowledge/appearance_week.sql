-- The weeks in which some members appear. Grain: (member, week). Weeks begin on the hour.
SELECT DISTINCT member, week_of(to_timestamp(hour * 3600)) AS week
FROM (SELECT DISTINCT member, epoch_us(appeared_at) // 3600000000 AS hour FROM appearance SEMI JOIN wanted USING (member));
