# Presence of bacteria (y, the second level, is a success), with a logical term.
model bacteria_laplace {
  data "../data/bacteria.csv" { trt: factor("placebo", "drug", "drug+") }

  y ~ bernoulli(p)
  logit(p) = trt + I(week > 2) + (1 | ID)

  fit laplace
}
