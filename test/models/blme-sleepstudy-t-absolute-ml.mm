# Joint multivariate t prior on both coefficients, absolute, ML.
model blme_sleepstudy_t_absolute_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  [intercept, beta[Days]] ~ multi_student_t(4, [200, 0], diag(2500, 4))

  fit ml
}
