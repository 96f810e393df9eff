# Joint multivariate t prior on both coefficients, relative to sigma, ML.
model blme_sleepstudy_t_common_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  [intercept, beta[Days]] ~ multi_student_t(3, [0, 0], sigma^2 * diag(10, 1))

  fit ml
}
