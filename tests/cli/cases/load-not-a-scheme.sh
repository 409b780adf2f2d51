unslow load ftp://127.0.0.1/
