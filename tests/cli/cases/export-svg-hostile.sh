# Names from a target are text and never markup: well-formed, one script, no attribute but ours.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv hostile
unslow export svg --all a.rec > a.svg
python3 - <<'PY'
import xml.etree.ElementTree as tree
root = tree.parse("a.svg").getroot()
names, tags, attributes = [], {}, set()
for element in root.iter():
    tag = element.tag.rpartition("}")[2]
    tags[tag] = tags.get(tag, 0) + 1
    attributes |= set(element.attrib)
    if element.get("class") == "f":
        names.append(element.get("data-name"))
print(tags)
print(sorted(attributes))
print(*sorted(names), sep="\n")
text = open("a.svg", encoding="utf-8").read()
print([hex(ord(c)) for c in text if ord(c) < 32 and c not in "\n\t" or 127 <= ord(c) < 160])
PY
unslow show flame --all a.rec | grep -c "$(printf '\033')" || true
