unslow load --knee --slo 'p99=50ms,p98=10ms' :8000
