# Proper Wishart prior on the relative covariance, REML.
model blme_sleepstudy_wishart_common {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) / sigma^2 ~ wishart(df = 5, scale = diag(2, 0.3))

  fit reml
}
