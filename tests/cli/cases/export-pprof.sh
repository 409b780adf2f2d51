# The sampled heap for pprof: alloc and inuse, objects and space, by stack, newest first.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow export pprof a.rec
python3 "$CASES/../memory.py" a.rec /srv
unslow export pprof -q -o a.pb.gz a.rec
python3 "$CASES/../pprof.py" a.pb.gz
