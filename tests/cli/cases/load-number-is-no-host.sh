unslow load 8000
