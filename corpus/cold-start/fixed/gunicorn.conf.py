max_requests = 1000
