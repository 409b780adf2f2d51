unslow load --knee --slo p99=50ms -d 5s :8000
