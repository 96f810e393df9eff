# AR(1) errors whose sd differs between the first five days and later ones, ML.
model sleepstudy_gls_ar1_varpower {
  data "../data/sleepstudy.csv"
  let late = Days >= 5

  Reaction ~ normal(mu, sigma, cor = ar1(Days | Subject))
  mu = Days
  log(sigma) = 0 + late

  fit ml
}
