# Like the Bangladesh fertility survey of 1988: whether a woman uses contraception, by age, children and place, in 60 districts.
# The rows are simulated by `contraception.ts`.
model contraception {
  use ~ bernoulli(p)
  logit(p) = age + I(age^2) + urban + livch + (1 + urban | district)

  fit laplace
}
