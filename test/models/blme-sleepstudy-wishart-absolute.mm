# Proper Wishart prior on the covariance itself, REML.
model blme_sleepstudy_wishart_absolute {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) ~ wishart(df = 5, scale = [[800, 30], [30, 50]])

  fit reml
}
