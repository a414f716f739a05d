-- A made-up region for the tests of the report: 12 places, 480 members, 110 weeks up to the Monday 2026-11-09.
-- Chance is a hash of the row, so that the rows are the same on every machine.
CREATE TEMP MACRO chance(name, number) AS CAST(('0x' || left(md5(name || ':' || number), 8)) AS UBIGINT) / 4294967296.0;
CREATE TEMP MACRO pseudonym(number) AS 'm_' || left(md5('member' || number), 24);

INSERT INTO place
SELECT 'place-' || number, name, 'fablab', country, latitude, longitude, TIMESTAMPTZ '2024-01-01 00:00:00+00', NULL, 40, 'consent'
FROM (VALUES
    (0, 'Crunch Lab', 'FR', 47.64, 6.86), (1, 'Numerica', 'FR', 47.51, 6.80), (2, 'FabLab des 3 Lapins', 'FR', 47.09, 5.49),
    (3, 'Le Silex', 'FR', 47.24, 6.02), (4, 'Atelier du Haut-Doubs', 'FR', 46.90, 6.35), (5, 'La Fabrique Vésoul', 'FR', 47.62, 6.15),
    (6, 'Openlab Bienne', 'CH', 47.14, 7.25), (7, 'FabLab Neuchâtel', 'CH', 46.99, 6.93), (8, 'Lab Renens', 'CH', 46.54, 6.59),
    (9, 'Coworking Delémont', 'CH', 47.36, 7.34), (10, 'Makerspace Yverdon', 'CH', 46.78, 6.64), (11, 'L’Établi & Cie', 'FR', 47.32, 5.04)
) AS known (number, name, country, latitude, longitude);

CREATE TEMP TABLE person AS
SELECT
    number,
    pseudonym(number) AS member,
    CAST(floor(12 * power(chance('home', number), 1.6)) AS INTEGER) AS home,
    DATE '2024-09-30' + CAST(floor(chance('joined', number) * 720 - 250) AS INTEGER) AS joined
FROM generate_series(0, 479) AS series (number);

INSERT INTO membership
SELECT member, 'urn:maillage:place-' || home, joined + TIME '08:00:00', CASE WHEN chance('left', number) < 0.1 THEN joined + 500 END,
    'place-' || home, CASE WHEN number % 3 = 0 THEN 'company' ELSE 'general' END, CASE WHEN home BETWEEN 6 AND 10 THEN 'CH' ELSE 'FR' END,
    number % 60 = 0, CASE WHEN number % 3 = 0 THEN 'o_' || left(md5('firm' || number % 60), 24) END
FROM person;

INSERT INTO consent
SELECT member, 'analytics', TRUE, joined + TIME '08:00:00',
    CASE WHEN chance('withdrawn', number) < 0.05 THEN TIMESTAMPTZ '2026-06-01 00:00:00+00' END
FROM person WHERE chance('consent', number) < 0.88;
INSERT INTO consent
SELECT member, 'analytics', FALSE, until, NULL FROM consent WHERE until IS NOT NULL;

CREATE TEMP TABLE skill AS
SELECT * FROM (VALUES (0, 'découpe laser'), (1, 'impression 3D'), (2, 'Arduino'), (3, 'soudure'), (4, 'sécurité internet'),
    (5, 'CAO'), (6, 'fraisage numérique'), (7, 'couture'), (8, 'Python'), (9, 'tour à bois'), (10, 'robotique'), (11, 'LoRaWAN'),
    (12, 'broderie'), (13, 'tri des données'), (14, 'scan 3D'), (15, 'électronique')) AS known (number, skill);

INSERT INTO workshop
SELECT 'w' || week || '-' || slot, 'place-' || CAST(floor(12 * power(chance('where', week * 100 + slot), 1.3)) AS INTEGER),
    DATE '2024-10-07' + CAST(7 * week + slot % 6 AS INTEGER) + TIME '17:00:00', NULL, NULL, 'urn:maillage:place-'
    || CAST(floor(12 * power(chance('where', week * 100 + slot), 1.3)) AS INTEGER)
FROM generate_series(0, 109) AS weeks (week), generate_series(0, 11) AS slots (slot)
WHERE chance('held', week * 100 + slot) < CASE WHEN week IN (11, 12, 44, 45, 63, 64, 96, 97) THEN 0.08 ELSE 0.8 END;
DELETE FROM workshop WHERE place = 'place-6' AND started_at > '2026-10-20';

INSERT INTO workshop_skill
SELECT workshop, skill.skill FROM workshop
JOIN skill ON skill.number = CAST(floor(16 * power(chance('skill', workshop), 1.8)) AS INTEGER)
WHERE NOT (skill.number = 9 AND started_at > '2026-05-01');
INSERT INTO workshop_skill
SELECT workshop, 'robotique' FROM workshop
WHERE started_at > '2026-06-15' AND chance('growing', workshop) < 0.3
    AND workshop NOT IN (SELECT workshop FROM workshop_skill WHERE skill = 'robotique');

INSERT INTO attendance
SELECT workshop, member, CASE WHEN rank = 1 THEN 'instructor' ELSE 'learner' END
FROM (
    SELECT workshop.workshop, person.member, row_number() OVER (
        PARTITION BY workshop.workshop
        ORDER BY chance(workshop.workshop, person.number) * CASE WHEN workshop.place = 'place-' || person.home THEN 0.04 ELSE 1 END
    ) AS rank
    FROM workshop JOIN person ON person.joined < CAST(workshop.started_at AS DATE)
)
WHERE rank <= 4 + 10 * power(chance('size', workshop), 3);

INSERT INTO help_request
SELECT 'r' || week || '-' || slot, person.member, CASE WHEN person.number % 3 = 0 THEN 'o_' || left(md5('firm' || person.number % 60), 24) END,
    'place-' || person.home, DATE '2024-10-07' + CAST(7 * week + slot % 7 AS INTEGER) + TIME '10:00:00', NULL, NULL, NULL, 'urn:maillage:entraide'
FROM generate_series(0, 109) AS weeks (week), generate_series(0, 13) AS slots (slot)
JOIN person ON person.number = CAST(floor(480 * chance('asks', week * 100 + slot)) AS INTEGER)
WHERE chance('asked', week * 100 + slot) < 0.7;
INSERT INTO help_request_skill
SELECT request, skill.skill FROM help_request
JOIN skill ON skill.number = CASE WHEN requested_at > '2026-08-20' AND chance('concern', request) < 0.4 THEN 4
    ELSE CAST(floor(16 * chance('theme', request)) AS INTEGER) END;
INSERT INTO help_answer
SELECT 'a-' || request || '-' || person.number, request, person.member, requested_at + INTERVAL 30 HOUR * (0.2 + 9 * chance('delay', request)),
    'urn:maillage:entraide'
FROM help_request
JOIN person ON person.number IN (CAST(floor(480 * chance('helps', request)) AS INTEGER), CAST(floor(80 * chance('helps too', request)) AS INTEGER))
WHERE chance('answered', request) < CASE WHEN requested_at > '2026-09-20' THEN 0.45 ELSE 0.85 END
    AND requested_at + INTERVAL 30 HOUR * (0.2 + 9 * chance('delay', request)) < '2026-11-16';
UPDATE help_request SET outcome = 'solved', closed_at = requested_at + INTERVAL 12 DAY
WHERE request IN (SELECT request FROM help_answer) AND chance('solved', request) < 0.6 AND requested_at + INTERVAL 12 DAY < '2026-11-16';
INSERT INTO skill_statement
SELECT pseudonym(7 + number), name, 'certified', 3, TIMESTAMPTZ '2026-08-01 00:00:00+00', 'urn:maillage:place-0'
FROM (VALUES (0, 'LoRaWAN'), (1, 'ferronnerie'), (2, 'marqueterie')) AS known (number, name);

INSERT INTO events
SELECT workshop, source, 'fr.maillage.workshop.held.v1', workshop, started_at, started_at + INTERVAL 3 HOUR, 0, 0, '{}' FROM workshop
UNION ALL
SELECT request, source, 'fr.maillage.help.requested.v1', request, requested_at, requested_at, 0, 0, '{}' FROM help_request;
INSERT INTO input
SELECT source, CASE WHEN source LIKE '%entraide' THEN 'Entraide' ELSE coalesce(name, source) END, 'consent', place.place, 21, 10, 10, 0, 0,
    TIMESTAMPTZ '2026-11-16 04:00:00+00'
FROM (SELECT DISTINCT source FROM events) LEFT JOIN place ON 'urn:maillage:' || place.place = source;

INSERT INTO tie
SELECT weeks.week, 'copresence', one.member, other.member, sum(0.1), count(*)
FROM (SELECT DATE '2025-06-02' + 7 * CAST(number AS INTEGER) AS week FROM generate_series(0, 75) AS series (number)) AS weeks
JOIN workshop ON week_of(workshop.started_at) BETWEEN weeks.week - 84 AND weeks.week
JOIN attendance AS one ON one.workshop = workshop.workshop
JOIN attendance AS other ON other.workshop = workshop.workshop AND other.member > one.member
GROUP BY weeks.week, one.member, other.member;
