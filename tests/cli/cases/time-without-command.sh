# As Python it is an annotation, which takes no time: a function is timed in a program.
unslow time shop:unique_ids; echo $?
unslow time 'x' -s 'import shop.views' shop.views:Cart.total; echo $?
unslow time -- shop:unique_ids; echo $?
# No function of a module `lambda`.
unslow time --python /no/such/python 'lambda:x'; echo $?
