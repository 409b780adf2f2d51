unslow load --slo p99=50ms :8000
