# What a terminal would show as noise is not written to one.
unslow run --no-agent --no-answer -q -o a.rec -- true
script -qec "unslow export pprof a.rec" /dev/null | tr -d '\r'
script -qec "unslow export pstats -o - a.rec" /dev/null | tr -d '\r'
