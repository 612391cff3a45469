-- A database in memory: rows of several lengths in, indexes, joins, updates and deletes in between.
-- Pages, cells, sorters and prepared statements are all blocks of malloc.
PRAGMA journal_mode = MEMORY;
PRAGMA temp_store = MEMORY;

CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, kind INTEGER, price REAL, note TEXT);
CREATE TABLE sale (item INTEGER, day INTEGER, count INTEGER);

BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 240000)
INSERT INTO item SELECT i, printf('item %08d', i * 7919 % 240007), i * 31 % 97, i % 1000 / 10.0,
    substr('what is to be said of the item is said here, at more or less length, as may be', 1, i % 79)
FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600000)
INSERT INTO sale SELECT i * 104729 % 240000 + 1, i % 365, i % 9 + 1 FROM n;
COMMIT;

CREATE INDEX item_name ON item (name);
CREATE INDEX item_kind ON item (kind, price);
CREATE INDEX sale_item ON sale (item);

SELECT count(*), sum(length(note)) FROM item;
SELECT kind, count(*), round(sum(price * count), 1) AS turnover FROM item JOIN sale ON sale.item = item.id
GROUP BY kind ORDER BY turnover DESC LIMIT 3;
SELECT day, group_concat(name, ', ') FROM (
    SELECT day, name FROM sale JOIN item ON item.id = sale.item
    WHERE count = 9 AND day < 3 ORDER BY name LIMIT 5)
GROUP BY day;

BEGIN;
UPDATE item SET name = name || ' (' || kind || ')', note = upper(note) WHERE id % 3 = 0;
DELETE FROM sale WHERE item % 4 = 1;
DELETE FROM item WHERE id % 4 = 1;
COMMIT;

SELECT count(DISTINCT note), max(name) FROM item;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
SELECT count(*), max(length(joined)) FROM (
    SELECT (SELECT name FROM item WHERE name >= printf('item %08d', i * 2 % 240007) LIMIT 1) || '!' AS joined
    FROM n);
SELECT count(*) FROM (SELECT a.name, b.name FROM item a JOIN item b ON a.kind = b.kind AND a.price = b.price
    WHERE a.id < 3000 AND b.id < 60000 ORDER BY b.note, a.name);
