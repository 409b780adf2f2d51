unslow diff --commands 'true' 'kill -9 $$'
