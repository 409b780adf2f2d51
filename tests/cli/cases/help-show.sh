unslow show --help
