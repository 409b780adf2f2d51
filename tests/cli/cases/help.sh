unslow --help
