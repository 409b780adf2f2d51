-- Temporary tables for rules about memory, beside those of model/heap_finding.h.

CREATE TEMP TABLE heap_watch AS
-- One row: what growth is of, in words; over how many snapshots; units of work in one process at most (by seconds each snapshot is a look at it); what is
-- resident; hours to the limit; what a line must keep of each to be told, of thirty samples in what is looked at (model/heap_growth.h).
SELECT iif(of_units, (SELECT one FROM noun), 'second') AS word, (SELECT count(*) FROM v1_heap_snapshot) AS snapshots, (SELECT iif(of_units, max(units), max(max(units), count(*))) FROM v1_heap_snapshot) AS done,
  (SELECT bytes FROM heap_part WHERE process_id IS NULL AND part = 'resident') AS resident_bytes, full_s / 3600 AS hours, recycle_units,
  30.0 * (SELECT max(interval_bytes) FROM v1_heap_process) / (0.8 * nullif(rate * (SELECT (max(at_ns) - min(at_ns)) / 1e9 FROM v1_heap_snapshot), 0)) AS least_bytes
FROM heap_outlook;

CREATE TEMP TABLE heap_thinned AS
-- A row where samples gave way because their table was full: what is live is more than is known.
SELECT printf('cannot tell: the table of live samples was full, and %s are not in what is live; sample less often (--memory=1M), or for a shorter time', size(bytes)) AS said
FROM (SELECT total(thinned_bytes) AS bytes FROM v1_heap_process) WHERE bytes > 0;

CREATE TEMP TABLE heap_recycle AS
-- How workers would be replaced in time, as their server calls it; no row: it is not known, or too often to help.
SELECT printf('until then %s %lld%s keeps it below four fifths of what is left to the limit', coalesce(option, 'a new worker after so many ' || word || 's:'), recycle_units,
  iif(option = '--max-requests' AND server = 'gunicorn', printf(' --max-requests-jitter %lld', recycle_units / 10), '')) AS fix
FROM heap_watch LEFT JOIN (SELECT column1 AS server, column2 AS option FROM (VALUES ('gunicorn', '--max-requests'), ('uvicorn', '--limit-max-requests'), ('hypercorn', '--max-requests'), ('uwsgi', '--max-requests'))
  WHERE column1 IN (SELECT value FROM v1_fact WHERE key = 'server') LIMIT 1) WHERE recycle_units >= 10;

CREATE TEMP TABLE holder_fix AS
-- What to change, by what keeps it; earlier rows win. name, in_type: GLOB.
SELECT column1 AS root, column2 AS name, column3 AS in_type, column4 AS text FROM (VALUES
  ('*', '*.__traceback__*', '*', 'keep its text (traceback.format_exc()), not the exception: its traceback keeps the local variables of all frames'),
  ('*', '*.__defaults__*', '*', 'a default argument is made once for all calls: say `=None`, and make it in the function'),
  ('*', '*.__kwdefaults__*', '*', 'a default argument is made once for all calls: say `=None`, and make it in the function'),
  ('*', '*.__closure__*', '*', 'a variable of an enclosing function lives as long as the inner one: bound it, or pass it as an argument'),
  ('*', '*(thread-local)*', '*', 'what is thread-local lives as long as its thread: clear it when the work is done'),
  ('*', '*, context variable *', '*', 'a context variable keeps its value as long as its context: give it back with reset() when the work is done, or bound it'),
  ('thread', '*', '*', 'what is thread-local lives as long as its thread: clear it when the work is done'),
  ('class', '*', '*', 'an attribute of a class is one for all of its objects: make it in __init__, or bound it'),
  ('suspended', '*', '*', 'end what waits: a timeout (asyncio.timeout), a queue with a maxsize, cancel() for tasks whose work nobody wants any more'),
  ('frame', '*', '*', 'a function that does not return keeps it in a variable: bound it there (a deque with maxlen), or write it out'),
  ('module', '*', 'list', 'it is only appended to: collections.deque(maxlen=1000), or delete what is done'),
  ('module', '*', '*deque', 'give the deque a maxlen'),
  ('module', '*', 'set', 'delete entries when their work is done, or keep them in a store outside of the process'),
  ('module', '*WeakKeyDictionary*', '*', 'its keys are kept elsewhere: look who holds them'));

CREATE TEMP TABLE heap_garbage AS
-- Types of objects in cycles that the collector had not come to, at the last walk of each process, most first; walks: in which there were any.
SELECT row_number() OVER (ORDER BY n DESC, type) AS nth, type, n, walks FROM (
  SELECT t.type, total(t.garbage_count) FILTER (WHERE t.walk_id IN (SELECT id FROM heap_walked WHERE is_last)) AS n, count(DISTINCT t.walk_id) AS walks
  FROM v1_walk_type t WHERE t.garbage_count > 0 AND t.type IS NOT NULL GROUP BY 1) WHERE n > 0;

CREATE TEMP TABLE heap_frozen AS
-- One row, if processes were walked twice: of the objects that the collector looked after at the last walk, how many there were at the first.
SELECT share FROM (SELECT min(1, total(tracked) FILTER (WHERE NOT is_last) / nullif(total(tracked) FILTER (WHERE is_last), 0)) AS share FROM heap_walked WHERE is_twice) WHERE share > 0;
