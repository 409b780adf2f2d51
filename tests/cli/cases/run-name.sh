unslow run --no-agent --no-answer -q --name 'my app/../x y' -- true
ls
