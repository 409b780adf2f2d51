# Bytes by stack as a flame graph and folded; memory over time as a picture.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../memory.py" a.rec /srv hostile
unslow export collapsed --memory=live a.rec
unslow export collapsed --memory=temporary a.rec
unslow export collapsed --memory=live --route /lookup a.rec
unslow export svg --memory=peak -q -o a.svg a.rec
grep -c 'class="f"' a.svg
grep -o 'width: share of[^<]*' a.svg
unslow export memory -q -o b.svg a.rec
grep -c polyline b.svg
grep -c 'class="mark"' b.svg
grep -o 'most of one[^<]*</text>' b.svg
grep -o 'memory of[^<]*' b.svg
python3 -c 'import xml.dom.minidom as m; m.parse("a.svg"), m.parse("b.svg")'
unslow export speedscope --memory=live --app -o c.json a.rec
python3 "$CASES/../speedscope.py" c.json
unslow export pstats --memory=live a.rec
unslow export svg --memory=peak --route /lookup a.rec
