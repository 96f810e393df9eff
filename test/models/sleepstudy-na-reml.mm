# Rows with a missing value in any variable of the model are left out, REML.
model sleepstudy_na_reml {
  data "../data/sleepstudy_na.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  fit reml
}
