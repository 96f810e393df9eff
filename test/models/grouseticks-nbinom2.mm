# Tick counts, negative binomial, random effects of broods and locations.
model grouseticks_nbinom2 {
  data "../data/grouseticks.csv" { YEAR: factor }

  TICKS ~ negative_binomial(mu, shape)
  log(mu) = YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)

  fit laplace
}
