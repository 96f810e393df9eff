# Binomial trials by quadrature, inverse gamma prior on the sd, joint t prior on the intercept and all three periods.
model bglmer_cbpp_agq_invgamma_t {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd)

  sd(herd)                  ~ inverse_gamma(2, 1)
  [intercept, beta[period]] ~ multi_student_t(3, [0, 0, 0, 0], diag(100, 6.25, 6.25, 6.25))

  fit agq(11)
}
