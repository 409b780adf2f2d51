unslow show nosuch.rec
