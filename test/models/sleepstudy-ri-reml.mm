# Reaction time over days of sleep restriction: random intercept per subject, REML.
model sleepstudy_ri_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ Days + (1 | Subject)

  fit reml
}
