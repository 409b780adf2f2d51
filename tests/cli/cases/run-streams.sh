# The command's input, output and arguments are its own.
echo input | unslow run --no-agent --no-answer -q -- sh -c 'cat; echo "$@"; echo err >&2' sh -q -- 'a b'
