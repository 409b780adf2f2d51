unslow rnu
