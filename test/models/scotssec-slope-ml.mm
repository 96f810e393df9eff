# A slope in one of two crossed factors, ML.
model scotssec_slope_ml {
  data "../data/ScotsSec.csv" { sex: factor("M", "F") }

  attain ~ normal(mu, sigma)
  mu = verbal * sex + (verbal | primary) + (1 | second)

  fit ml
}
