# Three classes of groups, Poisson, a random intercept of its own in each.
model mix_pois_three {
  data "../data/mix_pois_three.csv"

  mixture z per id {
    y ~ poisson(lambda)
    class low, middle, high { log(lambda) = x + (1 | id) }
  }
  order z by intercept

  fit em(quadrature = 61)
}
