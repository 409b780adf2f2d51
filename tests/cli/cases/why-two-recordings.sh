unslow why a.rec b.rec
