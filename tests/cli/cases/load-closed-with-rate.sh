unslow load --closed -R 10 :8000
unslow load --closed --poisson --open -R 10 :8000
