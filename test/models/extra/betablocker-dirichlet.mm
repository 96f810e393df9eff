# Deaths under two treatments: three classes of centres, drawn towards equal sizes.
model betablocker_dirichlet {
  data "../../data/betablocker.csv" { Deaths: count, Total: count }

  mixture z per Center {
    Deaths ~ binomial(Total, p)
    class high, middle, low { logit(p) = Treatment }
  }
  order z by intercept descending

  prob(z) ~ dirichlet(3, 3, 3)

  fit em
}
