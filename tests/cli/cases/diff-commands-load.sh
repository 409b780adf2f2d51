# Commands that print load results are compared by those.
cat > make.sh <<'M'
seed=$(($(cat seed) + 1)); echo $seed > seed
python3 "$CASES/../diff_inputs.py" load $1 $seed 2
M
echo 0 > seed
unslow diff --commands --blocks 8 'sh make.sh 1' 'sh make.sh 1.2' --json > diff.json
python3 - <<'P'
import json
d = json.load(open("diff.json"))
print(d["basis"], d["pairs"], d["a"], [(m["name"], m["verdict"]) for m in d["metrics"]])
P
