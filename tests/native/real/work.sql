CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, amount REAL);
WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 50000)
INSERT INTO item SELECT n, 'item ' || (n * 7919 % 10007), n * 1.5 FROM counter;
CREATE INDEX item_name ON item(name);
SELECT count(*), count(DISTINCT name), sum(amount) FROM item;
SELECT name, count(*), group_concat(id) FROM item WHERE id < 30000 GROUP BY name ORDER BY 2 DESC, 1 LIMIT 5;
UPDATE item SET name = upper(name) || hex(zeroblob(20)) WHERE id % 3 = 0;
DELETE FROM item WHERE id % 5 = 0;
VACUUM;
PRAGMA integrity_check;
SELECT length(group_concat(name)) FROM item;
