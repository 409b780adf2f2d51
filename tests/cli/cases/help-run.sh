unslow run --help
