unslow run --no-agent --no-answer -q -o a.rec -- true
head -c 20000 a.rec > cut.rec
unslow why cut.rec
