# Tick counts: random effects of broods, locations and single chicks.
model grouseticks_laplace {
  data "../data/grouseticks.csv" { YEAR: factor }

  TICKS ~ poisson(lambda)
  log(lambda) = YEAR + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)

  fit laplace
}
