# What is the matter with memory: a leak by what holds it, what malloc would give back, what the collector has not come to.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../memory.py" a.rec /srv
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.executescript("""
INSERT INTO text VALUES (90010, 'app.render'), (90011, 'dict'), (90012, 'app.Node');
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes,
  room_bytes, objects, tracked, object_references, bytes, garbage_objects, garbage_bytes, trim_bytes)
  SELECT column1, 7, column1, 'done', 0, 0, column1 * 50000000000, 1000000, 1000000, 1, 1, 60 << 20, 900 << 20, 9000, 8000, 20000, 700000,
    column2, 400000, 21 << 20 FROM (VALUES (1, 100), (2, 3000));
INSERT INTO walk_type(walk_id, name_id, count, tracked, bytes, is_class, garbage_count, garbage_bytes)
  VALUES (1, 90012, 300, 300, 9000, 1, 50, 1000), (2, 90012, 4000, 4000, 90000, 1, 2000, 30000), (2, 90011, 5000, 5000, 90000, 0, 1000, 30000);
INSERT INTO walk_holder(walk_id, bytes, site_id, root, label_id, expression, in_type_id, in_length, cache_entries, cache_hits, cache_misses,
  object_references, found, maybe_recycled) SELECT 2, 56, 1, 'cache', 90010, 'functools.lru_cache of app.render (maxsize=None, 5013 entries, 3 hits)', 90011, 5013,
  5013, 3, 5016, 1, 1, 0 FROM (VALUES (1), (2), (3));
INSERT INTO event(start_ns, dur_ns, thread_id, kind, unit_id, result, flags, count, bytes, aux, source) VALUES
  (11000000000, 18000000, 1, 'gc', (7 << 40) + 1, 2, 0, 4000, 0, 0, 1), (12000000000, 60000, 1, 'gc', NULL, 0, 0, 12, 0, 0, 1);
UPDATE heap_second SET malloc_free_bytes = 30 << 20, rss_bytes = rss_bytes + (27 << 20), anonymous_bytes = anonymous_bytes + (27 << 20);
""")
db.commit()
PY
unslow show memory -n 1 a.rec
unslow show memory --json a.rec > a.json
python3 - <<'PY'
import json
view = json.load(open("a.json"))
for verdict in view["verdicts"]:
    print(verdict)
print(view["collector"])
print([process["pid"] for process in view["processes"]], view["resident"]["growth"]["resident"])
PY
