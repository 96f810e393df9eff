# Two poorly separated classes of groups, binary, shared random intercept.
model mix_binom_poor2 {
  data "../data/mix_binom_poor2.csv"

  v = (1 | id)

  mixture z per id {
    y ~ binomial(size, p)
    class low, high { logit(p) = x + v }
  }
  order z by intercept

  fit em(quadrature = 61)
}
