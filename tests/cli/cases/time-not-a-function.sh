# What stands before -- must be functions, if something stands behind it.
unslow time 'total()' -- python3 app.py; echo $?
unslow time app: -- python3 app.py; echo $?
unslow time app:total --setup 'x = 1' -- python3 app.py; echo $?
unslow time app:total --fail-on 'wall>+5%' -- python3 app.py; echo $?
unslow time 'x' -o a.rec; echo $?
