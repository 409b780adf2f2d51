unslow run --fail-on 'p98>3ms' -- true
