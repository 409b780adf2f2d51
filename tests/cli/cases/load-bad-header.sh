unslow load -H 'no colon' :8000
