# compare_to(…, 'traceback'), newest frame first; by type, of walks of the heap, where every object was counted.
unslow run --no-agent --no-answer -q -o a.rec -- true
cp a.rec b.rec
cp a.rec w.rec
cp a.rec o.rec
python3 "$CASES/../memory.py" a.rec /srv
python3 "$CASES/../memory.py" b.rec /srv fixed
python3 "$CASES/../walks.py" w.rec
python3 "$CASES/../walks.py" o.rec outside
unslow diff a.rec b.rec --memory --by traceback
unslow diff w.rec --memory --at 15s --by type
unslow diff w.rec w.rec --memory --by type
unslow diff w.rec --memory --at 15s --by type --json | python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(answer["walks"], answer["lines"][0])'
unslow diff a.rec b.rec --memory --by traceback --json | python3 -c '
import json, sys
print(json.load(sys.stdin)["lines"][0]["traceback"])'
# Not walked; and read in two ways, of which one sees less.
unslow diff a.rec b.rec --memory --by type
unslow diff w.rec o.rec --memory --by type
