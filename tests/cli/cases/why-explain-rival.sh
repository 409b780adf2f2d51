unslow why --explain slow-loop-body
