# It says what it is before it has to understand more.
printf '#!/bin/sh\nprintf "hello cpython 3.7.16 50794736 /usr/bin/python3.7\\n" >&$2\n' > old
printf '#!/bin/sh\nprintf "hello pypy 3.10.14 50990832 /usr/bin/pypy3\\n" >&$2\n' > pypy
printf '#!/bin/sh\nexit 0\n' > silent
chmod +x old pypy silent
for python in old pypy silent; do unslow time --python ./$python 1; echo $?; done
printf '#!/bin/sh\necho nonsense >&$2\n' > nonsense
chmod +x nonsense
unslow time --python ./nonsense 1; echo $?
