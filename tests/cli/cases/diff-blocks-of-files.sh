unslow diff --blocks 3 a.json b.json
