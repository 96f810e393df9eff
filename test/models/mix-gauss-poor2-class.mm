# Two poorly separated normal classes, each with its own random intercept and residual sd.
model mix_gauss_poor2_class {
  data "../data/mix_gauss_poor2.csv"

  mixture z per id {
    y ~ normal(mu, sigma)
    class low, high { mu = x + (1 | id); log(sigma) = 1 }
  }
  order z by intercept

  fit em(quadrature = 61)
}
