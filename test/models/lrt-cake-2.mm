# Likelihood ratio tests of the fixed part, model 2 of 0 to 2: recipe by temperature, ML.
model lrt_cake_2 {
  data "../data/cake.csv"

  angle ~ normal(mu, sigma)
  mu = recipe * temp + (1 | recipe:replicate)

  fit ml
}
