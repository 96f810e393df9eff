# Reference fits of examples that no other reference covers. Run from this folder: Rscript examples.R. Writes examples.json.
#   salamanders  glmmTMB, zero-inflated Poisson
#   respiratory  written-out likelihood, the integral over a patient's effect by the trapezoidal rule
#   faithful     written-out likelihood of a normal mixture per row
suppressMessages({library(glmmTMB); library(numDeriv); library(jsonlite)})
example <- function(name) read.csv(file.path("..", "..", "..", "examples", paste0(name, ".csv")))

# Newton steps from where two searches end, to a gradient of zero; standard errors from the Hessian there
maximise <- function(minus_log_lik, start) {
  p <- optim(start, minus_log_lik, control = list(maxit = 5000))$par
  p <- optim(p, minus_log_lik, method = "BFGS", control = list(reltol = 1e-14, maxit = 500))$par
  for (i in 1:3) p <- p - solve(hessian(minus_log_lik, p), grad(minus_log_lik, p))
  list(estimate = p, se = sqrt(diag(solve(hessian(minus_log_lik, p)))), logLik = -minus_log_lik(p),
       gradient = max(abs(grad(minus_log_lik, p))))
}
cases <- list()

# ── salamanders ───────────────────────────────────────────────────────────────────────────────────────────────────────
d <- example("salamanders")
d$mined <- factor(d$mined, c("yes", "no"))
d$spp <- factor(d$spp, c("GP", "PR", "DM", "EC-A", "EC-L", "DES-L", "DF"))
m <- glmmTMB(count ~ spp + mined + (1 | site), zi = ~mined, family = poisson, data = d,
             control = glmmTMBControl(optCtrl = list(iter.max = 1e4, eval.max = 1e4, rel.tol = 1e-12)))
table <- summary(m)$coefficients
cases$salamanders <- list(
  by = paste("glmmTMB", packageVersion("glmmTMB")),
  call = "glmmTMB(count ~ spp + mined + (1 | site), zi = ~mined, family = poisson)",
  logLik = as.numeric(logLik(m)),
  predictor = rep(c("lambda", "zi"), c(nrow(table$cond), nrow(table$zi))),
  names = c(rownames(table$cond), rownames(table$zi)),
  estimate = unname(c(table$cond[, 1], table$zi[, 1])), se = unname(c(table$cond[, 2], table$zi[, 2])),
  sd = attr(VarCorr(m)$cond$site, "stddev")[[1]])

# ── respiratory ───────────────────────────────────────────────────────────────────────────────────────────────────────
d <- example("respiratory")
y <- match(d$status, c("poor", "good", "excellent"))
active <- as.numeric(d$treatment == "active")
patient <- d$patient
# the trapezoidal rule on a grid this fine is exact to rounding for such integrands; so it is with twice as many points
minus_with <- function(points) {
  v <- seq(-9, 9, length.out = points)
  log_weight <- dnorm(v, log = TRUE) + log(v[2] - v[1])
  # thresholds t1 < t2 = t1 + exp(.), the three coefficients, log of the standard deviation
  function(p) {
    eta <- outer(p[3] * active + p[4] * d$visit + p[5] * active * d$visit, v * exp(p[6]), "+")
    cuts <- c(-Inf, p[1], p[1] + exp(p[2]), Inf)
    rows <- log(plogis(cuts[y + 1] - eta) - plogis(cuts[y] - eta))
    -sum(log(rowSums(exp(sweep(rowsum(rows, patient), 2, log_weight, "+")))))
  }
}
minus <- minus_with(181)
found <- maximise(minus, c(-1, 1, 0, 0, 0, 0))
cases$respiratory <- list(by = "trapezoidal rule", logLik = found$logLik, logLik_finer = -minus_with(361)(found$estimate), gradient = found$gradient,
  predictor = rep("eta", 3), names = c("treatmentactive", "visit", "treatmentactive:visit"),
  estimate = found$estimate[3:5], se = found$se[3:5], sd = exp(found$estimate[6]),
  thresholds = c(found$estimate[1], found$estimate[1] + exp(found$estimate[2])))

# ── faithful ──────────────────────────────────────────────────────────────────────────────────────────────────────────
d <- example("faithful")
w <- (d$waiting - 70) / 10
minus <- function(p) {
  long <- plogis(p[5] + p[6] * w)
  -sum(log((1 - long) * dnorm(d$eruptions, p[1] + p[2] * w, exp(p[7])) + long * dnorm(d$eruptions, p[3] + p[4] * w, exp(p[7]))))
}
found <- maximise(minus, c(2, 0, 4, 0, 1, 4, -1))
p <- found$estimate
first <- (1 - plogis(p[5] + p[6] * w)) * dnorm(d$eruptions, p[1] + p[2] * w, exp(p[7]))
second <- plogis(p[5] + p[6] * w) * dnorm(d$eruptions, p[3] + p[4] * w, exp(p[7]))
cases$faithful <- list(by = "optim() and Newton steps", logLik = found$logLik, gradient = found$gradient,
  predictor = rep(c("mu", "mu", "prob"), each = 2), class = c("short", "short", "long", "long", "long", "long"),
  names = rep(c("(Intercept)", "wait"), 3), estimate = p[1:6], se = found$se[1:6], sigma = exp(p[7]),
  posterior = head(second / (first + second), 20))

write_json(list(r = R.version.string, cases = cases), "examples.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
