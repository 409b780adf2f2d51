unslow doctor --help
