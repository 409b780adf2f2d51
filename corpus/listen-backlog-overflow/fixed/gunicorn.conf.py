backlog = 512
keepalive = 2
