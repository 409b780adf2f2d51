unslow run
