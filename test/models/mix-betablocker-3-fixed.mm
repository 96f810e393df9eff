# Deaths under two treatments: three classes of centres, no random effect.
model mix_betablocker_3_fixed {
  data "../data/betablocker.csv"

  mixture z per Center {
    Deaths ~ binomial(Total, p)
    class low, middle, high { logit(p) = Treatment }
  }
  order z by intercept

  fit em
}
