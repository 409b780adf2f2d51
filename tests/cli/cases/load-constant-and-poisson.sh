unslow load --constant --poisson :8000
