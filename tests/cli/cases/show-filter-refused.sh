unslow run --no-agent --no-answer -q -o a.rec -- true
unslow show io --route / a.rec
unslow show threads --app a.rec
