# What is not in a recording: status 1 from every view and export, why and what to type on stderr.
unslow run --no-agent --no-answer -q -o a.rec -- true
for what in requests trace io sql config funcs threads flame calls memory types holders; do
	unslow show $what a.rec
	echo "show $what: $?"
done
for what in collapsed pstats callgrind chrome pprof; do
	unslow export $what a.rec
	echo "export $what: $?"
done
# For programs the same as a note, and columns without rows.
unslow show types --json a.rec 2> /dev/null | python3 -c "
import json, sys
shown = json.load(sys.stdin)
print(shown['rows'], shown['note'])"
# Looked for, and not there: an answer.
python3 "$CASES/../calls.py" a.rec /srv > /dev/null
unslow show sql a.rec
echo "show sql: $?"
