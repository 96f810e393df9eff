# Improper Wishart prior on the relative covariance, ML.
model blme_sleepstudy_wishart_default_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) / sigma^2 ~ wishart(df = 4.5, scale = inf)

  fit ml
}
