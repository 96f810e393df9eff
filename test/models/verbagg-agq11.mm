# Verbal aggression: random intercept per person, 11-point adaptive quadrature.
model verbagg_agq11 {
  data "../data/VerbAgg.csv" { mode: factor("want", "do") }

  r2 ~ bernoulli(p)
  logit(p) = btype + situ + mode + (1 | id)

  fit agq(11)
}
