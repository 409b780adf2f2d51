unslow __man > unslow.1
grep -c '^\.SS unslow' unslow.1
grep -A1 'fail\\-on' unslow.1 | head -2
