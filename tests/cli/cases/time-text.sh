# What it prints is thrown away; of several lines the first is shown; the setup runs before each block.
unslow time -d 2s -s 'import os' -s 'data = list(range(1000))' \
	'print(data.pop() if data else 1)' '
for n in range(300):
    os.getpid()' 'data.append(1); data.clear()'
