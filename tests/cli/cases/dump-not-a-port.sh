unslow dump :0
