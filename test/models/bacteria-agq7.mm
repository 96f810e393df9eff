# Presence of bacteria, 7-point adaptive quadrature.
model bacteria_agq7 {
  data "../data/bacteria.csv" { trt: factor("placebo", "drug", "drug+") }

  y ~ bernoulli(p)
  logit(p) = trt + I(week > 2) + (1 | ID)

  fit agq(7)
}
