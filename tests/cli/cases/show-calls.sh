# The tree by caller; what counting cost is out of the times. With --function: callers, itself, callees.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec /srv
unslow show calls --all a.rec
echo
unslow show calls --route /report a.rec | sed '1,/^of which ready/d' | tail -n +2
echo
unslow show calls --app --all --clock cpu a.rec | sed '1,/^of which ready/d' | tail -n +2
echo
unslow show calls --function render a.rec | sed '1,/^of which ready/d' | tail -n +2
unslow show calls --function nobody a.rec
