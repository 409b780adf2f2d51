max_requests = 20
