unslow run -- python3 nope.py
