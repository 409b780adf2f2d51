# SQLite opens no path beyond 504 bytes: that is said.
folder=$(python3 -c "print('/'.join(['d' * 200] * 3))")
mkdir -p "$folder"
unslow run -o "$folder/a.rec" -- true 2>&1 | sed 's/has [0-9]* bytes/has N bytes/'
unslow run --no-agent --no-answer -q -o a.rec -- true
cp a.rec "$folder/b.rec"
unslow why "$folder/b.rec" 2>&1 | sed 's/has [0-9]* bytes/has N bytes/'
ls "$folder"
