# A route as `show requests` prints it, with its method; one that is not there is refused, and which there are is said.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec
unslow show threads --route /report a.rec > plain
unslow show threads --route "GET /report" a.rec | cmp - plain && echo the same
unslow export collapsed --route "POST /report" a.rec | wc -l
unslow show funcs --route "GET /reports" a.rec 2>&1
echo $?
unslow export collapsed --route /nowhere a.rec 2>&1
echo $?
unslow show funcs --route "$(printf 'GET /\033[31m\302\233x')" a.rec 2>&1
