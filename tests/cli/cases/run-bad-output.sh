unslow run --no-agent -o no/such/directory/a.rec -- echo not run
