# A trial of a treatment of respiratory disorder: the status of each patient at four visits, in three ordered categories.
# `eta` has no intercept, the two thresholds stand for it: P(status <= k) = F(threshold[k] - eta). The integral over a
# patient's effect is done by quadrature with 25 points, since four answers of three categories say little of a patient.
model respiratory {
  data "respiratory.csv" {
    status: ordered("poor", "good", "excellent"),
    treatment: factor("placebo", "active"),
    visit: real
  }

  status ~ cumulative(eta, logit)
  eta = treatment * visit + (1 | patient)

  fit agq(25)
}
