unslow show nonsense
