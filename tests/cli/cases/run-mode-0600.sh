unslow run --no-agent --no-answer -q -o a.rec -- true && stat -c "%a %n" *
