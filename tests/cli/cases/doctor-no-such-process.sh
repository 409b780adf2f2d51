unslow doctor 2147483647
