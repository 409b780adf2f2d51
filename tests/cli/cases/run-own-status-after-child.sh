# The command's own failure is passed on before the gate is.
unslow run --no-answer -q --fail-on 'errors>=0' -o a.rec -- sh -c 'exit 9'
