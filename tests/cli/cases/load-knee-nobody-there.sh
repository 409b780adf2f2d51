unslow load --knee --slo p99=50ms http://127.0.0.1:1/
