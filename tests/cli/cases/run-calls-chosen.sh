# The last recording chooses: the functions with most time of their own, and those of a route.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
python3 -c "import sqlite3; db = sqlite3.connect('a.rec'); db.execute(\"UPDATE sample_10s SET route_id = 90001 WHERE in_unit\"); db.commit()"
unslow run --calls=@top2,shop.views:Cart.total --no-answer -o b.rec -- true 2>&1 | grep " of "
rm b.rec
unslow run --calls=/report --lines @top1 --no-answer -o b.rec -- true 2>&1 | grep " of "
# Each use adds to the one before.
rm b.rec
unslow run --lines a:f --lines b:g,c --calls=d --calls=e --no-answer -q -o b.rec -- python3 -c pass
python3 -c "import sqlite3; print(*sqlite3.connect('b.rec').execute('SELECT pattern, line_pattern FROM v1_call_process'))"
# A package is not its modules: said before the command starts.
mkdir -p desk/api
rm b.rec
unslow run --calls=desk,desk.*,desk.api --no-answer -o b.rec -- true 2>&1 | grep package
