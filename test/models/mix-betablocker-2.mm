# Deaths under two treatments: two classes of centres, shared random intercept.
model mix_betablocker_2 {
  data "../data/betablocker.csv"

  v = (1 | Center)

  mixture z per Center {
    Deaths ~ binomial(Total, p)
    class low, high { logit(p) = Treatment + v }
  }
  order z by intercept

  fit em(quadrature = 61)
}
