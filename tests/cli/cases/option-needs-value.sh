unslow run -o
