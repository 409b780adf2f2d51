unslow run --no-agent --no-answer -q -o a.rec -- true
echo '{}' > a.json
unslow diff a.json a.rec
