# Seizures of epileptics in four periods of two weeks: two classes of patients who differ in all coefficients, and a random
# intercept of the patient that both classes share. The class is drawn once per patient; the integral over the
# intercept is done by importance sampling.
model epil_classes {
  data "epil.csv" { V4: int, trt: factor("placebo", "progabide") }

  v = (1 | subject)

  mixture z per subject {
    y ~ poisson(lambda)
    class low, high { log(lambda) = lbase + trt + V4 + v }
  }
  order z by intercept

  fit em(draws = 500, seed = 1)
}
