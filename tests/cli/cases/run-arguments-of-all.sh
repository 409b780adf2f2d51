# Arguments are looked at of functions that are named.
unslow run --calls --arguments -- echo ran
unslow run --arguments -- echo ran
unslow run --lines app:view --arguments -- echo ran
