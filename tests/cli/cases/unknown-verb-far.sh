unslow frobnicate
