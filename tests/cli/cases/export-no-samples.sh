# Why there is nothing to export, before a file is made.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow export svg a.rec -o a.svg
ls
unslow export json --clock cpu a.rec
