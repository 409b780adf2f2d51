# What is no rule, has no cases, or cases that are none.
sh "$CASES/../own_rule.sh" rules
unslow why --test-rule rules/own/slow-report.test.sql
sed -i 's/^-- case: hit /-- case: this /' rules/own/slow-report.test.sql
unslow why --test-rule rules/own/slow-report.sql
echo 'INSERT INTO nowhere;' > rules/own/slow-report.test.sql
unslow why --test-rule rules/own/slow-report.sql
rm rules/own/slow-report.test.sql
unslow why --test-rule rules/own/slow-report.sql
