# Improper Wishart prior on the relative covariance: proportional to det^((df - d - 1) / 2), REML.
model blme_sleepstudy_wishart_default {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) / sigma^2 ~ wishart(df = 4.5, scale = inf)

  fit reml
}
