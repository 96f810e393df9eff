# Inverse Wishart prior on the relative covariance, REML.
model blme_sleepstudy_invwishart_common {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) / sigma^2 ~ inverse_wishart(df = 4, scale = [[2, 0.1], [0.1, 0.5]])

  fit reml
}
