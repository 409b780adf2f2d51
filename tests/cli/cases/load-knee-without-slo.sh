unslow load --knee :8000
