-- A (source, id) that the record holds more than once.
SELECT source, id, count(*) AS times FROM events GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL;
