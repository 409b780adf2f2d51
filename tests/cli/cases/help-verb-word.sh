unslow help detach
