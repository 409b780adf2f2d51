unslow attach --help
