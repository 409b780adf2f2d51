# What cannot be sampled is said before the command starts.
unslow run --memory --no-agent -- echo ran
unslow run --memory=1K -- echo ran
unslow run --memory=32M -- echo ran
unslow run --memory=often -- echo ran
unslow run --memory=exactly -- echo ran
unslow run --memory=exact:1h -- echo ran
unslow run --memory=exact:soon -- echo ran
