# memory_profiler's columns: what was live after each line, and what it added; a line that was counted
# on one thread without them keeps what is known.
printf '\ndef my_func():\n    a = [1] * (10 ** 6)\n    b = [2] * (2 * 10 ** 7)\n    del b\n' > app.py
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec "$PWD" memory
unslow show lines a.rec
unslow show lines --json a.rec | python3 -c '
import json, sys
shown = json.load(sys.stdin)
names = [column["name"] for column in shown["columns"]]
for row in shown["rows"]:
    row = dict(zip(names, row))
    if row["function"] == "my_func":
        print(row["line"], row["hits"], row["memory"], row["increment"], row["peak"], row["measured"])'
