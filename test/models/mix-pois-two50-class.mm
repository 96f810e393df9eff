# Two classes, Poisson, a random intercept of its own in each.
model mix_pois_two50_class {
  data "../data/mix_pois_two50.csv"

  mixture z per id {
    y ~ poisson(lambda)
    class low, high { log(lambda) = x + (1 | id) }
  }
  order z by intercept

  fit em(quadrature = 61)
}
