# Mixture of two regressions, the class drawn per row, own residual sds.
model mix_npreg_obs {
  data "../data/NPreg.csv"

  mixture z {
    yn ~ normal(mu, sigma)
    class low, high { mu = x + I(x^2); log(sigma) = 1 }
  }
  order z by intercept

  fit ml
}
