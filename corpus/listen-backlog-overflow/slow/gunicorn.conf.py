backlog = 1
keepalive = 2
