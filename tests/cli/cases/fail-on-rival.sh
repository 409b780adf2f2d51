unslow run --fail-on cause:slow-loop-body -- true
