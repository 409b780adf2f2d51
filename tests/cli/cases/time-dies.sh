unslow time 'pass' -s 'import os' 'os._exit(7)'
