unslow detach --help
