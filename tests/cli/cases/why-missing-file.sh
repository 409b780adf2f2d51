unslow why no-such.rec
