unslow no-such.rec
