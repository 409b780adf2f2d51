unslow load --knee --slo p99=50ms --csv seconds.csv :8000
