# Eight correlated random coefficients per group (36 covariance parameters), ML.
model theta36_ml {
  data "../data/sim_theta36.csv"

  y ~ normal(mu, sigma)
  mu = x1 + x2 + x3 + x4 + x5 + x6 + x7 +
       (x1 + x2 + x3 + x4 + x5 + x6 + x7 | g)

  fit ml
}
