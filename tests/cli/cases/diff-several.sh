# A file may hold several results: each is a block. The gate is crossed by the whole interval only.
python3 "$CASES/../diff_inputs.py" load 1 1 5 8 > a.json
python3 "$CASES/../diff_inputs.py" load 1.1 21 5 8 > b.json
unslow diff a.json b.json --fail-on 'p50>+20%,rate<-5%'
echo $?
unslow diff a.json b.json --fail-on 'p50>+5%'
