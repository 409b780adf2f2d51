unslow diff --help
