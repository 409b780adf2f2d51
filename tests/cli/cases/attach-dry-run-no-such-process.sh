unslow attach --dry-run 4194305
