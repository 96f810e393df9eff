# Attainment: effects of secondary schools whose mean over the pupils is zero.
model scotssec_sum_to_zero {
  data "../../data/ScotsSec.csv" { sex: factor("M", "F") }

  attain ~ normal(mu, sigma)
  mu = verbal + sex + (1 | primary) + sum_to_zero(1 | second)
}
