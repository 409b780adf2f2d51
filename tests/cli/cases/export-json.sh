unslow run --no-agent --no-answer -q -o a.rec -- true
unslow export json a.rec -o out.json
unslow export json a.rec | cmp - out.json
stat -c %a out.json
python3 -c 'import json; print(sorted(json.load(open("out.json"))))'
