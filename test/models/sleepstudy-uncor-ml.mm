# Random intercept and slope without correlation, ML.
model sleepstudy_uncor_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ Days + (Days || Subject)

  fit ml
}
