printf 'GET /a\n9 GET /b --body\n' >requests
unslow load --requests requests :8000
unslow load --requests no-such-file :8000
unslow load --requests requests -X POST :8000
printf '# all\nGET healthy\n' >requests
unslow load --requests requests :8000
