# A script, a file that is no program, a directory, an option whose value was forgotten: what to type.
echo 'print(1)' > app.py
unslow run app.py
unslow run -- ./app.py
unslow run -- /tmp
unslow run --lines -- true
unslow run --max-size 1K -- true
