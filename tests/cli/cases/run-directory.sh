unslow run -- /
