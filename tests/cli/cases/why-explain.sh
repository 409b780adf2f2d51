unslow why --explain db-connection-per-request | head -1
