# AR(1) errors over the days within a subject, nothing else random, ML.
model sleepstudy_ar1_tmb {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma, cor = ar1(Days | Subject))
  mu = Days

  fit ml
}
