# Not the end of the interpreter, but an exception like any other.
unslow time 'import sys; sys.exit(3)'
