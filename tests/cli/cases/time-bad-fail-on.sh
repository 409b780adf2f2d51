unslow time 'a' 'b' --fail-on 'p99>50ms'
