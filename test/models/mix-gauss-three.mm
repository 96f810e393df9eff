# Three normal classes of groups, each with its own random intercept and residual sd.
model mix_gauss_three {
  data "../data/mix_gauss_three.csv"

  mixture z per id {
    y ~ normal(mu, sigma)
    class low, middle, high { mu = x + (1 | id); log(sigma) = 1 }
  }
  order z by intercept

  fit em(quadrature = 61)
}
