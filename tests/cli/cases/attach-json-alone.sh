unslow attach --json 1
