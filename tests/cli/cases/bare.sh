unslow
