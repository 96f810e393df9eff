# Joint normal prior on both coefficients with a full covariance matrix, absolute, REML.
model blme_sleepstudy_normal_absolute_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  [intercept, beta[Days]] ~ multi_normal([0, 0], [[10000, 30], [30, 4]])

  fit reml
}
