# Likelihood ratio tests of the fixed part, model 0 of 0 to 2: temperature only, ML.
model lrt_cake_0 {
  data "../data/cake.csv"

  angle ~ normal(mu, sigma)
  mu = temp + (1 | recipe:replicate)

  fit ml
}
