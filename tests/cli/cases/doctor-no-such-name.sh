unslow doctor no-program-is-called-so
