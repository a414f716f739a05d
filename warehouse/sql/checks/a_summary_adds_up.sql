-- A source whose read is not published + ignored + rejected.
SELECT source, read, published, ignored, rejected FROM input WHERE read <> published + ignored + rejected ORDER BY ALL;
