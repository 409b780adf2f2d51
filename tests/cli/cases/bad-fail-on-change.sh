unslow run --fail-on 'p99>+5%' -- true
