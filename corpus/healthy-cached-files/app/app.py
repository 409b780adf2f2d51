"""Notes, each in a file; the kernel has them in memory."""

import os
import tempfile

from flask import Flask, jsonify

app = Flask(__name__)
FOLDER = tempfile.TemporaryDirectory()
for number in range(6):
    with open(os.path.join(FOLDER.name, f"{number}.txt"), "w", encoding="utf-8") as made:
        made.write(f"note {number} says little\n" * 4000)


@app.get("/notes/<int:number>")
def note(number):
    with open(os.path.join(FOLDER.name, f"{number}.txt"), encoding="utf-8") as file:
        lines = file.readlines()
    return jsonify(lines=len(lines), first=lines[0].strip())
