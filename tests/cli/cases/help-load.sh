unslow load --help
