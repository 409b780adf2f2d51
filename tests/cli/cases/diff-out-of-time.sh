unslow diff --commands --for 300ms 'sleep 60' true
