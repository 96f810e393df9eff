# Growth of a facial distance, with a prior on the symmetric square root of the covariance of intercept and slope.
model orthodont_sqrt_invwishart {
  data "../../data/Orthodont.csv" { Sex: factor("Male", "Female"), age: real }

  v = (1 + age | Subject)

  distance ~ normal(mu, sigma)
  mu = age * Sex + v

  sqrt(cov(v)) ~ inverse_wishart(df = 4, scale = diag(10, 1))

  fit reml
}
