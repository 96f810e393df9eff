# Log reaction time as the response (the density is that of the logarithm), REML.
model sleepstudy_logresp_reml {
  data "../data/sleepstudy.csv"

  log(Reaction) ~ Days + (Days | Subject)

  fit reml
}
