unslow diff a.json b.json
