unslow why --explain db-pool-churn
