unslow load -R 1e9 :8000; unslow load -R 99999999 :8000; unslow load -R 0.0001 :8000
