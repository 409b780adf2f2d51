unslow run -d 0 -- true
