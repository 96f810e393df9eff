# Correlated random intercept and slope per subject, REML.
model sleepstudy_slope_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ Days + (Days | Subject)

  fit reml
}
