unslow load -R 0 :8000
unslow load -R -5 :8000
unslow load -c 0 :8000
unslow load -n 0 :8000
