# Mixture of two Poisson regressions, the class drawn per group.
model mix_npreg_poisson {
  data "../data/NPreg.csv"

  mixture z per id2 {
    yp ~ poisson(lambda)
    class low, high { log(lambda) = x }
  }
  order z by intercept

  fit em
}
