# What the command prints does not stand in the document: it goes to standard error.
printf 'def f():\n    return 1\n\nfor _ in range(20000):\n    f()\nprint("the app speaks")\n' > p.py
unslow time --json -q -o a.rec __main__:f -- python3 p.py > out 2> err
python3 -c "import json; d = json.load(open('out')); print(d['schema'], [(f['function'], f['calls']) for f in d['functions']])"
grep 'the app' err
