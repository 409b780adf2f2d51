echo text > a.rec; unslow why a.rec
