unslow run --fail-on cause:db-pool-churn -- true
