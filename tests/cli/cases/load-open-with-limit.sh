unslow load --open -c 10 :8000
