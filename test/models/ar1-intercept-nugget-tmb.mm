# Random intercept, AR(1) random effects over time (spelled as in glmmTMB), independent residuals, REML.
model ar1_intercept_nugget_tmb {
  data "../data/sim_ar1.csv"
  let ftime = factor(time)

  y ~ normal(mu, sigma)
  mu = time + (1 | unit) + ar1(0 + ftime | unit)

  fit reml
}
