unslow dump --help
