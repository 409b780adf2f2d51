unslow dump
