unslow --version
