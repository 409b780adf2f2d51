unslow diff a.json
