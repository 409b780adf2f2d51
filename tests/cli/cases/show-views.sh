unslow show
