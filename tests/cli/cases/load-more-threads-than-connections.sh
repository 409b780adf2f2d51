unslow load -t 4 -c 2 :8000
