# Mixture of two regressions, the class drawn per group, own residual sds.
model mix_npreg_group {
  data "../data/NPreg.csv"

  mixture z per id2 {
    yn ~ normal(mu, sigma)
    class low, high { mu = x + I(x^2); log(sigma) = 1 }
  }
  order z by intercept

  fit em
}
