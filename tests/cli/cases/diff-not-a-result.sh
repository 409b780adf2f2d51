echo hello > a.json
unslow diff a.json a.json
