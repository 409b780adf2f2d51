unslow run -d soon -- true
