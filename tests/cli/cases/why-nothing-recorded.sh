unslow why
