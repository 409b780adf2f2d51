unslow load :8000 :8001
