# What they print is counted, not shown: which block was whose is in the file.
unslow diff --commands --blocks 4 'echo A >> order; echo text' 'echo B >> order' | sed -n '1,4p'
tr '\n' ' ' < order
