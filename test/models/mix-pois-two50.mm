# Two classes of groups, Poisson, shared random intercept.
model mix_pois_two50 {
  data "../data/mix_pois_two50.csv"

  v = (1 | id)

  mixture z per id {
    y ~ poisson(lambda)
    class low, high { log(lambda) = x + v }
  }
  order z by intercept

  fit em(quadrature = 61)
}
