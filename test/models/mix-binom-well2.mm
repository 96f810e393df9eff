# Two well separated classes of groups, binomial trials, shared random intercept.
model mix_binom_well2 {
  data "../data/mix_binom_well2.csv"

  v = (1 | id)

  mixture z per id {
    y ~ binomial(size, p)
    class low, high { logit(p) = x + v }
  }
  order z by intercept

  fit em(quadrature = 61)
}
