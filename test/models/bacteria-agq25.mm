# Presence of bacteria, 25-point adaptive quadrature.
model bacteria_agq25 {
  data "../data/bacteria.csv" { trt: factor("placebo", "drug", "drug+") }

  y ~ bernoulli(p)
  logit(p) = trt + I(week > 2) + (1 | ID)

  fit agq(25)
}
