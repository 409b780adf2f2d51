unslow why --explain n-plus-one-query
