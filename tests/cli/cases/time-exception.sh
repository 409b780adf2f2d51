# Lines of the setup and of the snippet, which are one function, each by its own number.
unslow time -s 'def f(n):
    # a comment
    return 1 // n' --setup-of 'B=zero = 0' 'f(1)' 'one = 1
f(zero)'
