# Two poorly separated binary classes, a random intercept of its own in each.
model mix_binom_poor2_class {
  data "../data/mix_binom_poor2.csv"

  mixture z per id {
    y ~ binomial(size, p)
    class low, high { logit(p) = x + (1 | id) }
  }
  order z by intercept

  fit em(quadrature = 61)
}
