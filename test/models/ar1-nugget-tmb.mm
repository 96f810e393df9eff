# AR(1) random effects over time within a unit plus independent residuals, ML.
model ar1_nugget_tmb {
  data "../data/sim_ar1.csv"

  y ~ normal(mu, sigma)
  mu = time + ar1(time | unit)

  fit ml
}
