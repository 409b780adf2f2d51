"""Put hand-made walks of the heap into a recording: walks.py REC [one].

Two processes. 7 was walked three times (numbers 1, 2 and 3, after 10, 20 and 30 s; the second failed), 8 once:

    app.Page   7: 100, then 900 objects, of them 250 garbage; 8: 50
    list       7: 300, then 1100; 8: 200
    dict       7: 400, then 400; 8: 300

and what holds some of it, by the last walk of each; one was made at app.py:12. "one": of each process the first walk only.
"outside": then a fourth of 7 from outside, which sees 20 app.Page more, and a fifth, with 30 more; three changed.
"""

import sqlite3
import sys


def main(recording, how=""):
    db = sqlite3.connect(recording)
    put = lambda table, *rows: db.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    put("process", (7, 4121, 4120, 0, None, "3.12.1", "on", None, 100, 100),
        (8, 4122, 4120, 0, None, "3.12.1", "on", None, 100, 100))
    db.execute("UPDATE meta SET value = 0 WHERE key = 'started_ns'")
    names = ("app.Page", "list", "dict", "app.views", "app.render", "app\x1b]0;x\x07.Evil", "tuple")
    put("text", *((90001 + number, name) for number, name in enumerate(names)))
    text = {name: 90001 + number for number, name in enumerate(names)}

    def walk(number, process, asked, state="done", reason=None, how="fork", changed=None):
        put("walk", (number, process, asked, state, reason, 0, 0, 10 * asked * 1_000_000_000, 2_000_000, 2_500_000, 90_000_000,
                     80_000_000, 60 << 20, 900 << 20, 2000, 1500, 9000, 500_000, 250, 25_000, 3 << 20,
                     how, changed))

    def types(number, page, lists, dicts, garbage=0):
        put("walk_type", (number, text["app.Page"], page, page, page * 48, page * 1000, 1, garbage, garbage * 48),
            (number, text["list"], lists, lists, lists * 120, None, 0, 0, 0),
            (number, text["dict"], dicts, dicts, dicts * 300, None, 0, 0, 0), (number, None, 1, 1, 16, None, 1, None, None))

    walk(1, 7, 1)
    types(1, 100, 300, 400)
    walk(4, 8, 1)
    types(4, 50, 200, 300)
    db.execute("INSERT INTO code VALUES (1, '/srv/app.py', 'view', 10, 'app', 1, x'')")
    db.execute("INSERT INTO stack VALUES (1, 0, 1, 0, 12, 1, 1)")
    db.execute("INSERT INTO heap_site(id, process_id, domain, stack_id, made_bytes, made_blocks, live_bytes, live_blocks,"
               " short_bytes, samples, peak_bytes) VALUES (1, 7, 'object', 1, 90000, 900, 45000, 900, 0, 9, 45000)")
    if how != "one":
        walk(2, 7, 2, "failed", "no room to fork")
        walk(3, 7, 3)
        types(3, 900, 1100, 400, 250)
        put("walk_holder",
            (3, text["list"], 8056, 900_000, 900, None, "module", text["app.views"], "app.views.KEPT", None, None,
             None, None, None, None, 1, 1, 0, 700_000),
            (3, text["app.Page"], 48, 1000, None, 1, "module", text["app.views"], "app.views.KEPT[41].rows",
             text["list"], 900, None, None, None, None, 1, 1, 0, 0),
            (3, text["tuple"], 56, None, 2, 1, "cache", text["app.render"],
             "functools.lru_cache of app.render (maxsize=None, 5013 entries, 3 hits)", text["dict"], 5013, 5013, None, 3,
             5016, 1, 1, 1, None),
            (3, text["app\x1b]0;x\x07.Evil"], 48, None, None, None, "c", None, "(held by C code)", None, None, None, None,
             None, None, 7, 2, 0, None))
    if how == "outside":
        walk(5, 7, 4, reason="no room to fork", how="outside", changed=0)
        types(5, 920, 10, 10)
        walk(6, 7, 5, reason="no room to fork", how="outside", changed=3)
        types(6, 950, 10, 10)
    db.commit()


main(*sys.argv[1:])
