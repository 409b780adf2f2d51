unslow dump no-program-is-called-so
