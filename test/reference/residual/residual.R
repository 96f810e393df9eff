# Reference fits of models with correlated or unequal errors: estimates by nlme and, from its optimum, by a written-out dense
# likelihood (Newton steps to a zero gradient); Satterthwaite and Kenward-Roger from the same dense likelihood. Run from this
# folder: Rscript residual.R. Writes residual.json.
suppressMessages({library(nlme); library(numDeriv); library(jsonlite)})

data_of <- function(name) read.csv(file.path("..", "..", "data", name))
orthodont <- data_of("Orthodont.csv")
orthodont$Sex <- factor(orthodont$Sex, levels = c("Male", "Female"))
orthodont$visit <- match(orthodont$age, sort(unique(orthodont$age)))
orthodont$fage <- factor(orthodont$age)
# missing visits, also in the middle
gaps <- orthodont[-c(3, 10, 17, 18, 29, 44, 58, 59, 60, 77, 90, 101), ]
sleep <- data_of("sleepstudy.csv")
sleep$Subject <- factor(sleep$Subject)
sleep$when <- sleep$Days + sleep$Days^2 / 5
weighted <- data_of("sleepstudy_wt.csv")
weighted$Subject <- factor(weighted$Subject)

# ── dense likelihood ──────────────────────────────────────────────────────────────────────────────────────────────────
# A model is a function of its parameters that gives V of one group's rows.
pieces <- function(model, p) {
  groups <- split(seq_along(model$y), model$group)
  P <- ncol(model$X)
  XVX <- matrix(0, P, P); XVy <- numeric(P); yVy <- 0; logdet <- 0
  for (rows in groups) {
    R <- chol(model$V(p, rows))
    x <- backsolve(R, model$X[rows, , drop = FALSE], transpose = TRUE)
    y <- backsolve(R, model$y[rows], transpose = TRUE)
    XVX <- XVX + crossprod(x); XVy <- XVy + crossprod(x, y); yVy <- yVy + sum(y^2)
    logdet <- logdet + 2 * sum(log(diag(R)))
  }
  beta <- solve(XVX, XVy)
  list(XVX = XVX, beta = drop(beta), r2 = yVy - sum(XVy * beta), logdet = logdet)
}
criterion <- function(model, p) {
  a <- pieces(model, p)
  N <- length(model$y); P <- ncol(model$X)
  if (model$reml) a$logdet + a$r2 + (N - P) * log(2 * pi) + determinant(a$XVX)$modulus[1]
  else a$logdet + a$r2 + N * log(2 * pi)
}
polish <- function(model, p) {
  f <- function(p) criterion(model, p)
  guarded <- function(p) tryCatch(f(p), error = function(e) 1e10)
  p <- optim(p, guarded, control = list(maxit = 5000))$par
  p <- optim(p, guarded, method = "BFGS", control = list(reltol = 1e-15, maxit = 2000))$par
  for (i in 1:6) p <- p - solve(hessian(f, p), grad(f, p))
  p
}

satterthwaite <- function(model, p) {
  cov <- 2 * solve(hessian(function(p) criterion(model, p), p))
  C <- solve(pieces(model, p)$XVX)
  sapply(seq_len(ncol(C)), function(j) {
    g <- grad(function(p) solve(pieces(model, p)$XVX)[j, j], p)
    2 * C[j, j]^2 / drop(g %*% cov %*% g)
  })
}

with_V <- function(model, V) { model$V <- V; model }

# Kenward and Roger (1997). `W` of a model gives V by the parameters that are meant (linear ones where
# there are such); its derivatives by numDeriv.
kenward_roger <- function(model, W, q) {
  groups <- split(seq_along(model$y), model$group)
  P <- ncol(model$X); r <- length(q)
  first <- lapply(1:r, function(i) matrix(0, P, P))
  Q <- array(0, c(P, P, r, r)); R2 <- array(0, c(P, P, r, r)); XVX <- matrix(0, P, P)
  for (rows in groups) {
    n <- length(rows)
    V <- W(q, rows); inverse <- solve(V)
    J <- jacobian(function(q) as.vector(W(q, rows)), q)
    D <- lapply(1:r, function(i) matrix(J[, i], n, n))
    X <- model$X[rows, , drop = FALSE]
    A <- inverse %*% X
    XVX <- XVX + crossprod(X, A)
    for (i in 1:r) {
      first[[i]] <- first[[i]] + t(A) %*% D[[i]] %*% A
      for (j in 1:r) {
        Q[, , i, j] <- Q[, , i, j] + t(A) %*% D[[i]] %*% inverse %*% D[[j]] %*% A
      }
    }
    if (!model$linear) {
      for (i in 1:r) for (j in i:r) {
        step <- function(s, t) { e <- numeric(r); e[i] <- e[i] + s; e[j] <- e[j] + t; W(q + e, rows) }
        h <- 1e-3
        second <- function(h) (step(h, h) - step(h, -h) - step(-h, h) + step(-h, -h)) / (4 * h^2)
        S <- (4 * second(h) - second(2 * h)) / 3
        R2[, , i, j] <- R2[, , i, j] + t(A) %*% S %*% A
        if (i != j) R2[, , j, i] <- R2[, , i, j]
      }
    }
  }
  C <- solve(XVX)
  # of the observed information, as SAS and the R package mmrm have it
  S <- 2 * solve(hessian(function(q) criterion(with_V(model, W), q), q, method.args = list(d = 0.01)))
  U <- matrix(0, P, P)
  for (i in 1:r) for (j in 1:r)
    U <- U + S[i, j] * (Q[, , i, j] - first[[i]] %*% C %*% first[[j]] - R2[, , i, j] / 4)
  adjusted <- C + 2 * C %*% U %*% C
  df <- sapply(1:P, function(k) {
    v <- sapply(1:r, function(i) (C %*% first[[i]] %*% C)[k, k])
    2 * C[k, k]^2 / drop(v %*% S %*% v)
  })
  list(se = sqrt(diag(adjusted)), df = df)
}

# ── building blocks of V ──────────────────────────────────────────────────────────────────────────────────────────────
# correlations by free parameters: rows of a triangle of unit length
us_cor <- function(x, K) {
  L <- diag(K)
  L[upper.tri(L)] <- 0
  k <- 1
  for (r in 2:K) for (c in 1:(r - 1)) { L[r, c] <- x[k]; k <- k + 1 }
  L <- L / sqrt(rowSums(L^2))
  L %*% t(L)
}
us_free <- function(C) {
  L <- t(chol(C)); K <- nrow(C); x <- c()
  for (r in 2:K) for (c in 1:(r - 1)) x <- c(x, L[r, c] / L[r, r])
  x
}
ar <- function(x) x / sqrt(1 + x^2)

cases <- list()
record <- function(id, fit, model, start, report, W = NULL, q = NULL) {
  p <- polish(model, start)
  a <- pieces(model, p)
  C <- solve(a$XVX)
  out <- list(
    id = id, call = paste(deparse(fit$call), collapse = " "),
    logLik = -criterion(model, p) / 2,
    nlme = list(logLik = as.numeric(logLik(fit)), note = "gls and lme of this version"),
    names = colnames(model$X), estimate = a$beta, se = sqrt(diag(C)),
    residual = report(p),
    satterthwaite = satterthwaite(model, p))
  if (!is.null(W)) out$kenward_roger <- kenward_roger(model, W, q(p))
  cat(sprintf("%-32s %.8f  nlme %.8f\n", id, out$logLik, out$nlme$logLik))
  stopifnot(abs(out$logLik - out$nlme$logLik) < 1e-4)
  cases[[id]] <<- out
}
model_of <- function(formula, data, group, reml, V, linear) {
  X <- model.matrix(formula, data)
  list(X = X, y = data[[all.vars(formula)[1]]], group = data[[group]], reml = reml, V = V, linear = linear)
}
pair_names <- function(labels, C) {
  out <- list()
  for (r in 2:length(labels)) for (c in 1:(r - 1)) out[[sprintf("cor.us[%s,%s]", labels[c], labels[r])]] <- C[c, r]
  out
}

# unstructured errors, a variance per visit: the mixed model for repeated measures
mmrm <- function(id, data, reml = TRUE) {
  fit <- gls(distance ~ age * Sex, data, correlation = corSymm(form = ~visit | Subject),
    weights = varIdent(form = ~1 | fage), method = if (reml) "REML" else "ML",
    control = glsControl(msTol = 1e-12, tolerance = 1e-10, msMaxIter = 500, maxIter = 500))
  V <- function(p, rows) { at <- data$visit[rows]; (outer(exp(p[1:4]), exp(p[1:4])) * us_cor(p[5:10], 4))[at, at, drop = FALSE] }
  lower <- which(lower.tri(diag(4), diag = TRUE), arr.ind = TRUE)
  W <- function(q, rows) { S <- matrix(0, 4, 4); S[lower] <- q; S <- S + t(S) - diag(diag(S)); at <- data$visit[rows]; S[at, at, drop = FALSE] }
  start <- c(rep(log(2.2), 4), us_free(matrix(0.6, 4, 4) + 0.4 * diag(4)))
  record(id, fit, model_of(distance ~ age * Sex, data, "Subject", reml, V, TRUE), start,
    function(p) c(list(sigma = setNames(as.list(p[1:4]), paste0("factor(age)", c(8, 10, 12, 14)))),
      pair_names(c("8", "10", "12", "14"), us_cor(p[5:10], 4))),
    if (reml) W, function(p) (outer(exp(p[1:4]), exp(p[1:4])) * us_cor(p[5:10], 4))[lower])
}
mmrm("mmrm", orthodont)
mmrm("mmrm-gaps", gaps)
mmrm("mmrm-gaps-ml", gaps, FALSE)

# unstructured correlation, one sigma
local({
  fit <- gls(distance ~ age * Sex, gaps, correlation = corSymm(form = ~visit | Subject), method = "REML",
    control = glsControl(msTol = 1e-12, tolerance = 1e-10))
  V <- function(p, rows) { at <- gaps$visit[rows]; exp(2 * p[1]) * us_cor(p[2:7], 4)[at, at, drop = FALSE] }
  off <- which(lower.tri(diag(4)), arr.ind = TRUE)
  W <- function(q, rows) { S <- matrix(0, 4, 4); S[off] <- q[-1]; S <- S + t(S) + q[1] * diag(4); at <- gaps$visit[rows]; S[at, at, drop = FALSE] }
  record("us-one-sigma", fit, model_of(distance ~ age * Sex, gaps, "Subject", TRUE, V, TRUE),
    c(log(2.2), us_free(matrix(0.6, 4, 4) + 0.4 * diag(4))),
    function(p) c(list(sd = exp(p[1])), pair_names(c("8", "10", "12", "14"), us_cor(p[2:7], 4))),
    W, function(p) c(exp(2 * p[1]), (exp(2 * p[1]) * us_cor(p[2:7], 4))[off]))
})

# ar1 errors over visits that are partly missing
local({
  fit <- gls(distance ~ age * Sex, gaps, correlation = corAR1(form = ~visit | Subject), method = "REML",
    control = glsControl(msTol = 1e-12, tolerance = 1e-10))
  V <- function(p, rows) { at <- gaps$visit[rows]; exp(2 * p[1]) * ar(p[2])^abs(outer(at, at, "-")) }
  W <- function(q, rows) { at <- gaps$visit[rows]; q[1] * q[2]^abs(outer(at, at, "-")) }
  record("ar1-gaps", fit, model_of(distance ~ age * Sex, gaps, "Subject", TRUE, V, FALSE), c(log(2.2), 0.7),
    function(p) list(sd = exp(p[1]), cor.ar1 = ar(p[2])), W, function(p) c(exp(2 * p[1]), ar(p[2])))
})

# ar1 errors, a sigma for each sex
local({
  fit <- gls(distance ~ age * Sex, gaps, correlation = corAR1(form = ~visit | Subject), weights = varIdent(form = ~1 | Sex),
    method = "REML", control = glsControl(msTol = 1e-12, tolerance = 1e-10))
  s <- function(p, rows) exp(p[1] + p[2] * (gaps$Sex[rows] == "Female"))
  V <- function(p, rows) { at <- gaps$visit[rows]; outer(s(p, rows), s(p, rows)) * ar(p[3])^abs(outer(at, at, "-")) }
  W <- function(q, rows) { at <- gaps$visit[rows]; outer(s(q, rows), s(q, rows)) * q[3]^abs(outer(at, at, "-")) }
  record("ar1-gaps-sex", fit, model_of(distance ~ age * Sex, gaps, "Subject", TRUE, V, FALSE), c(log(2.2), 0, 0.7),
    function(p) list(sigma = list("(Intercept)" = p[1], SexFemale = p[2]), cor.ar1 = ar(p[3])), W, function(p) c(p[1:2], ar(p[3])))
})

# compound symmetry with groups of unequal size
local({
  fit <- gls(distance ~ age * Sex, gaps, correlation = corCompSymm(form = ~1 | Subject), method = "REML",
    control = glsControl(msTol = 1e-12, tolerance = 1e-10))
  V <- function(p, rows) { n <- length(rows); r <- tanh(p[2]); exp(2 * p[1]) * (r + (1 - r) * diag(n)) }
  W <- function(q, rows) { n <- length(rows); q[2] + (q[1] - q[2]) * diag(n) }
  record("cs-gaps", fit, model_of(distance ~ age * Sex, gaps, "Subject", TRUE, V, TRUE), c(log(2.2), 0.7),
    function(p) list(sd = exp(p[1]), cor.cs = tanh(p[2])), W, function(p) c(exp(2 * p[1]), exp(2 * p[1]) * tanh(p[2])))
})

# continuous time
for (reml in c(TRUE, FALSE)) local({
  fit <- gls(Reaction ~ Days, sleep, correlation = corCAR1(form = ~when | Subject), method = if (reml) "REML" else "ML",
    control = glsControl(msTol = 1e-12, tolerance = 1e-10))
  V <- function(p, rows) { at <- sleep$when[rows]; exp(2 * p[1]) * plogis(p[2])^abs(outer(at, at, "-")) }
  W <- function(q, rows) { at <- sleep$when[rows]; q[1] * q[2]^abs(outer(at, at, "-")) }
  record(if (reml) "car1" else "car1-ml", fit, model_of(Reaction ~ Days, sleep, "Subject", reml, V, FALSE), c(log(50), 1.5),
    function(p) list(sd = exp(p[1]), cor.car1 = plogis(p[2])), if (reml) W, function(p) c(exp(2 * p[1]), plogis(p[2])))
})

# sigma that grows exponentially with a covariate, with random effects
local({
  fit <- lme(Reaction ~ Days, random = ~1 | Subject, sleep, weights = varExp(form = ~Days), method = "REML",
    control = lmeControl(msTol = 1e-12, tolerance = 1e-10, niterEM = 50))
  V <- function(p, rows) { s <- exp(p[1] + p[2] * sleep$Days[rows]); exp(2 * p[3]) + diag(s^2) }
  record("varexp", fit, model_of(Reaction ~ Days, sleep, "Subject", TRUE, V, FALSE), c(log(20), 0.1, log(36)),
    function(p) list(sigma = list("(Intercept)" = p[1], Days = p[2]), effect = exp(p[3])),
    function(q, rows) { s <- exp(q[1] + q[2] * sleep$Days[rows]); q[3] + diag(s^2) }, function(p) c(p[1:2], exp(2 * p[3])))
})

# ar1 errors and a random slope, prior weights
for (reml in c(TRUE, FALSE)) local({
  fit <- lme(Reaction ~ Days, random = ~Days | Subject, weighted, correlation = corAR1(form = ~Days | Subject),
    weights = varFixed(~ I(1 / w)), method = if (reml) "REML" else "ML",
    control = lmeControl(msTol = 1e-12, tolerance = 1e-10, niterEM = 50, opt = "optim", msMaxIter = 500))
  G <- function(p) { L <- matrix(c(exp(p[1]), p[2], 0, exp(p[3])), 2); L %*% t(L) }
  V <- function(p, rows) {
    Z <- cbind(1, weighted$Days[rows]); at <- weighted$Days[rows]; s <- exp(p[4]) / sqrt(weighted$w[rows])
    Z %*% G(p) %*% t(Z) + outer(s, s) * ar(p[5])^abs(outer(at, at, "-"))
  }
  W <- function(q, rows) {
    Z <- cbind(1, weighted$Days[rows]); at <- weighted$Days[rows]; s <- 1 / sqrt(weighted$w[rows])
    Z %*% matrix(q[c(1, 2, 2, 3)], 2) %*% t(Z) + q[4] * outer(s, s) * q[5]^abs(outer(at, at, "-"))
  }
  record(if (reml) "ar1-slope-weights" else "ar1-slope-weights-ml", fit, model_of(Reaction ~ Days, weighted, "Subject", reml, V, FALSE),
    c(log(24), 0, log(5), log(25), 0.3),
    function(p) list(sd = exp(p[4]), cor.ar1 = ar(p[5]), effects = sqrt(diag(G(p)))),
    if (reml) W, function(p) c(G(p)[c(1, 2, 4)], exp(2 * p[4]), ar(p[5])))
})

writeLines(toJSON(list(r = R.version.string, nlme = as.character(packageVersion("nlme")), cases = unname(cases)),
  digits = NA, auto_unbox = TRUE, pretty = TRUE, na = "null"), "residual.json")
