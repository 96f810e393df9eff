# Two poorly separated normal classes of groups; shared random intercept and residual sd.
model mix_gauss_poor2 {
  data "../data/mix_gauss_poor2.csv"

  v = (1 | id)
  log(sigma) = 1      # outside the classes: one residual sd for all of them

  mixture z per id {
    y ~ normal(mu, sigma)
    class low, high { mu = x + v }
  }
  order z by intercept

  fit em(quadrature = 61)
}
