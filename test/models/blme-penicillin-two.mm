# A different prior for each of two crossed factors, on the relative sds, REML.
model blme_penicillin_two {
  data "../data/Penicillin.csv"

  diameter ~ normal(mu, sigma)
  mu = 1 + (1 | plate) + (1 | sample)

  sd(plate) / sigma  ~ gamma(2, 1)
  sd(sample) / sigma ~ inverse_gamma(2, 3)

  fit reml
}
