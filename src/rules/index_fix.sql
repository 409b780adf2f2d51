CREATE TEMP TABLE index_fix AS
-- What an index has to be, by what a statement's conditions compare (compared.h); {}: the expression. Sources: sqlite.org/expridx.html, optoverview.html (4, 5) and
-- fts5.html; PostgreSQL 15 manual 11.5, 11.7 and 11.2; MySQL 8.0 manual 13.1.15 (functional key parts) and 8.2.1.3. Earlier rows win.
SELECT column1 AS compared, column2 AS peer_kind, column3 AS text FROM (VALUES
('expression', 'sqlite',
 'an index on a column is not used for what is made of it: compare the column itself (a range in place of a date''s function, arithmetic on the other side), or index the expression as the query has it: CREATE INDEX … ON table ({}) (its functions deterministic; values in it written out in both); EXPLAIN QUERY PLAN then says SEARCH'),
('expression', 'postgresql',
 'look at EXPLAIN (ANALYZE) of it: where that says Seq Scan over many rows, compare the column itself (a range in place of a date''s function, arithmetic on the other side), or index the expression as the query has it: CREATE INDEX CONCURRENTLY … ON table (({})) (its functions IMMUTABLE; values in it written out in both); an index on the bare column is not used for it'),
('expression', 'mysql',
 'look at EXPLAIN of it: where its type is ALL, compare the column itself (a range in place of a date''s function, arithmetic on the other side), or index the expression as the query has it: CREATE INDEX … ON table (({})) (MySQL from 8.0.13; in MariaDB on a generated column); an index on the bare column is not used for it'),
('expression', NULL,
 'compare the column itself (a range in place of a date''s function, arithmetic on the other side), or index the expression {} as the query has it: an index on the bare column is not used for it'),
('either', NULL,
 'an OR is served only where each of its sides has an index of its own: make one for each (CREATE INDEX … ON table (one side''s column), then the other''s), or ask for each side by itself and join the answers with UNION'),
('pattern', 'sqlite',
 'no index finds what begins with a wildcard: for that use a full-text table (FTS5; its trigram tokenizer serves LIKE ''%…%'', from 3.34). A pattern that begins with fixed text is served, LIKE by an index of the column COLLATE NOCASE, GLOB by a plain one'),
('pattern', NULL,
 'no ordinary index finds what begins with a wildcard: for that use a full-text or trigram index. A pattern that begins with fixed text is served by an index of the column'),
('unequal', NULL,
 'no index serves <> or NOT where most rows pass: ask for what is wanted in its place (=, IN); where few pass, an index on those alone serves: CREATE INDEX … ON table (…) WHERE, with that condition'));
