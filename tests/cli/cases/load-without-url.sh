unslow load -R 10
