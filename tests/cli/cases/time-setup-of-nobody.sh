unslow time 'a' 'b' --setup-of 'C=x = 1'
