unslow load --knee --slo p99=50ms --fail-on 'p99>50ms' :8000
