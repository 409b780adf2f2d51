unslow diff --commands 'echo out; exit 3' true
