unslow load --fail-on 'p42>1ms' :8000
