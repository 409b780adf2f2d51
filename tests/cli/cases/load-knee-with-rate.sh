unslow load --knee --slo p99=50ms -R 100 :8000
