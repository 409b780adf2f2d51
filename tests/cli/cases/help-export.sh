unslow export --help
