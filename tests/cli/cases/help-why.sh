unslow why --help
