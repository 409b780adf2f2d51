# What comes first: the view, the format.
unslow show a.rec funcs
unslow export a.rec svg
# What a terminal would obey is not printed.
unslow "$(printf 'sh\033[31mow\302\233m')"
unslow why "$(printf 'a\033]0;b\007.rec')"
