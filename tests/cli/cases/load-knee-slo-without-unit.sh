unslow load --knee --slo p99=50 :8000
