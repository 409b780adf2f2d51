unslow load --knee --slo p99=50ms http://192.0.2.1/
