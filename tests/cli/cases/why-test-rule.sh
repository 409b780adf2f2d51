# A rule of the user's own: its cases hold, and say so where they do not.
sh "$CASES/../own_rule.sh" rules
unslow why --test-rule rules/own/slow-report.sql
sed -i 's/^-- says: reports: 100/-- says: reports: 99/; s/^-- case: miss two/-- case: near-miss two/' rules/own/slow-report.test.sql
sed -i 's/>= 3 AS/>= 2 AS/; s/^-- units: 3/-- units: 1/' rules/own/slow-report.sql
unslow why --test-rule rules/own/slow-report.sql
