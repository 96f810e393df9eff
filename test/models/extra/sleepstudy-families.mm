# Reaction time after the two days of training, in two families. The lognormal estimates are those of log(Reaction) as a
# normal response; its log-likelihood is less by the sum of log(Reaction).
data "../../data/sleepstudy.csv" { Days: int }
where Days >= 2
let day = Days - 2

model robust {
  Reaction ~ student_t(df, mu, sigma)
  mu = day + (day | Subject)

  df    ~ gamma(2, 0.1)
  sigma ~ exponential(0.05)

  fit laplace
}

model lognormal_response {
  Reaction ~ lognormal(mu, sigma)
  mu = day + (day | Subject)

  fit ml
}
