# Port 1 (tcpmux) is nobody's.
unslow load http://127.0.0.1:1/
