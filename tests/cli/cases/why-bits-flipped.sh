# Every page after the first is noise: a message and status 5, whatever SQLite makes of it.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 - <<'PY'
data = bytearray(open("a.rec", "rb").read())
data[200:] = bytes(byte ^ 0x5a for byte in data[200:])
open("a.rec", "wb").write(data)
PY
unslow why a.rec
