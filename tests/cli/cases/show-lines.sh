# A line's text is there where the file is, and is as it was.
printf 'def view():\n    return render()\n\n\ndef render():\n    return json.dumps(rows)\n' > app.py
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec "$PWD"
unslow show lines a.rec
touch app.py
unslow show lines a.rec | grep app.py:6
