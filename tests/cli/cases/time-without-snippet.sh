unslow time
