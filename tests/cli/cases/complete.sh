unslow __complete | grep '^verb\|	why	'
