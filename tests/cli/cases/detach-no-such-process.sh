unslow detach 2147483647
