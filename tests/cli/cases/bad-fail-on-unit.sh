unslow why --fail-on 'p99>50'
