unslow load -o no/such/file http://127.0.0.1:1/
