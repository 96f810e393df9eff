# Inverse Wishart prior on the covariance itself, REML.
model blme_sleepstudy_invwishart_absolute {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) ~ inverse_wishart(df = 4, scale = diag(1000, 50))

  fit reml
}
