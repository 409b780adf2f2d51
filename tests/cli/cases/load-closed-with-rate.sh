unslow load --closed -R 10 :8000
