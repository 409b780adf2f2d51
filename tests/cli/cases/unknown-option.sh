unslow why --jsno
