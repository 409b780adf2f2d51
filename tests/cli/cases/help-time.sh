unslow time --help
