# Presence of bacteria: the two drug arms are drawn together, and the sd between children towards 1.
model bacteria_penalize {
  data "../../data/bacteria.csv" { trt: factor("placebo", "drug", "drug+") }

  y ~ bernoulli(p)
  logit(p) = trt + week + (1 | ID)

  penalize 2 * (beta[trtdrug] - beta[`trtdrug+`])^2
  penalize 0.5 * (log(sd(ID)))^2

  fit laplace
}
