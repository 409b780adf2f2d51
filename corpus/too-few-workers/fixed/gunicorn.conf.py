workers = 1
threads = 8
