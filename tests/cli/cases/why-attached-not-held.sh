unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../outside.py" a.rec
python3 - <<'EOF'
import sqlite3

# nothing was seen to work, as few looks held; and as nothing did
for name, verified, torn in ("b.rec", 1, 1999), ("c.rec", 2000, 0):
    db = sqlite3.connect("a.rec")
    copy = sqlite3.connect(name)
    db.backup(copy)
    copy.execute("DELETE FROM sample_10s WHERE target IS NOT 'pselect6'")
    copy.execute("UPDATE engine SET verified = ?, torn = ?, late = 0", (verified, torn))
    copy.commit()
EOF
unslow why b.rec | head -5
unslow why c.rec | head -5
