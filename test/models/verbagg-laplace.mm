# Verbal aggression: persons crossed with items, binary.
model verbagg_laplace {
  data "../data/VerbAgg.csv"

  r2 ~ bernoulli(p)
  logit(p) = Anger + Gender + btype + situ + (1 | id) + (1 | item)

  fit laplace
}
