# As Python shows it, with the line that it has in its own snippet.
unslow time -s 'x = 1
y = 2' 'x' 'for n in range(3):
    pass
x = = 2'
