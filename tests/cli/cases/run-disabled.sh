UNSLOW_DISABLE=1 unslow run --no-answer -o a.rec -- python3 -c pass
