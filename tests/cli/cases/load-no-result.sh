# No load, no file; what was there stays.
echo old > old.json
unslow load :1 -o new.json --csv old.json
ls
cat old.json
