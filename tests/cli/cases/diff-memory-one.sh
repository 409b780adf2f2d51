unslow diff a.rec --memory
