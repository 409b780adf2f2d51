# What they print is counted, not shown: which block was whose is in the file. A warm-up, then A B B A or B A A B.
unslow diff --commands --blocks 4 'echo A >> order; echo text' 'echo B >> order' | sed -n '1,4p'
tr -d '\n' < order | sed -E 's/^AB(ABBA|BAAB){2}$/as they should/'
