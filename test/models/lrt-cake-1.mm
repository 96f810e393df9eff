# Likelihood ratio tests of the fixed part, model 1 of 0 to 2: recipe added, ML.
model lrt_cake_1 {
  data "../data/cake.csv"

  angle ~ normal(mu, sigma)
  mu = recipe + temp + (1 | recipe:replicate)

  fit ml
}
