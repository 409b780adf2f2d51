unslow --help > /dev/full
