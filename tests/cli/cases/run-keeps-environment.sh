unslow run --no-agent --no-answer -q -- env | grep -v '^_=' | sort > with
env | grep -v '^_=' | sort > without
cmp with without
