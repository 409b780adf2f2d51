unslow dump 2147483647
