unslow load --ramp 10-20 :8000
