# Weak inverse Wishart prior on the relative covariance, REML.
model blme_sleepstudy_invwishart_default {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) / sigma^2 ~ inverse_wishart(df = 1.002, scale = diag(1.102, 1.102))

  fit reml
}
