unslow diff --fail-on 'p99>5ms' a.json b.json
