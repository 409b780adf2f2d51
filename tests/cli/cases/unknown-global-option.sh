unslow --colour
