unslow why --fail-on cause:n-plus-one-query a.rec
