# Model matrices of R for test/data-layer/r-model-matrices.test.ts: names, values, dropped columns, and the same terms for
# new rows. Run: Rscript model-matrices.R > model-matrices.json
suppressPackageStartupMessages({ library(splines); library(jsonlite) })

set.seed(41)
n <- 30
d <- data.frame(
  x = round(rnorm(n, 2, 1.5), 4), z = round(runif(n, 1, 9), 4), k = sample(1:9, n, TRUE),
  f = factor(sample(c("a", "b", "c"), n, TRUE)), g = factor(sample(c("p", "q", "r", "s"), n, TRUE)),
  o = factor(sample(c("lo", "mid", "hi", "top"), n, TRUE), levels = c("lo", "mid", "hi", "top"), ordered = TRUE),
  b = runif(n) > 0.4)
new <- data.frame(x = c(-4, 0.5, 2, 3.25, 9), z = c(0.5, 2, 5, 8, 11), k = c(1, 3, 9, 12, 0),
  f = factor(c("b", "a", "c", "c", "a"), levels(d$f)), g = factor(c("s", "p", "q", "r", "p"), levels(d$g)),
  o = factor(c("top", "lo", "hi", "mid", "mid"), levels(d$o), ordered = TRUE), b = c(TRUE, FALSE, TRUE, FALSE, TRUE))

formulas <- c(
  "~ x", "~ 0 + x", "~ f", "~ 0 + f", "~ f + g", "~ 0 + f + g", "~ f * g", "~ 0 + f * g", "~ f:g", "~ 0 + f:g", "~ f + f:g",
  "~ x:f", "~ x + x:f", "~ 0 + x:f", "~ f + x:f", "~ f * x", "~ 0 + f + f:x", "~ f * g * x", "~ f:x + g:x", "~ (f + g + x)^2",
  "~ 0 + (f + g + x)^2", "~ f + g + f:g:x", "~ f:g + f:g:x", "~ o", "~ 0 + o", "~ o * f", "~ 0 + f + o", "~ o:x", "~ b", "~ 0 + b", "~ b * f",
  "~ 0 + x + b", "~ I(x > 2)", "~ I(x > 2) * f", "~ 0 + I(x > 2):x", "~ x + f:b", "~ 0 + x + f + g:x",
  "~ poly(x, 2)", "~ 0 + poly(x, 3)", "~ poly(x, 1)", "~ poly(x, 2) * f", "~ poly(k, 5)", "~ poly(x, 2, raw = TRUE)", "~ poly(x, 2):z",
  "~ ns(x, 3)", "~ ns(x, df = 1)", "~ ns(x, df = 4) * f", "~ ns(z, knots = c(3, 6))", "~ ns(k, df = 3)", "~ ns(x, df = 4, intercept = TRUE)",
  "~ ns(z, df = 3, Boundary.knots = c(2, 8))",
  "~ bs(x)", "~ bs(x, df = 5)", "~ bs(x, df = 4, degree = 2)", "~ bs(z, knots = c(4, 5.5))", "~ bs(k, df = 6)", "~ bs(x, df = 6, intercept = TRUE)",
  "~ bs(z, df = 3, degree = 1)", "~ 0 + bs(x, df = 4) + f",
  "~ scale(x)", "~ scale(x) * f", "~ scale(x, scale = FALSE)", "~ scale(z, center = FALSE)", "~ I(scale(x)^2)",
  "~ log(z) + sqrt(z):f", "~ exp(x / 10) + I(x^2 - 1)", "~ factor(k)", "~ 0 + factor(k) + x",
  "~ x + I(2 * x + 1) + z", "~ x + poly(x, 2)", "~ k + factor(k)", "~ factor(k) + k", "~ f + b + f:b + I(x - z) + x + z")

# R remembers a basis only where its function is the whole variable, so new rows of the others are not compared.
not_remembered <- c("~ I(scale(x)^2)")

one <- function(text) {
  form <- as.formula(text)
  frame <- model.frame(form, d)
  X <- model.matrix(form, frame)
  q <- qr(X, tol = 1e-7, LAPACK = FALSE)
  dropped <- if (q$rank < ncol(X)) colnames(X)[sort(q$pivot[(q$rank + 1):ncol(X)])] else character()
  again <- if (grepl("factor\\(k\\)", text) || text %in% not_remembered) NULL else
    suppressWarnings(model.matrix(delete.response(terms(frame)), model.frame(terms(frame), new, xlev = .getXlevels(terms(frame), frame))))
  list(formula = text, labels = I(attr(terms(form), "term.labels")), intercept = attr(terms(form), "intercept"),
    columns = I(colnames(X)), X = unname(X), dropped = I(dropped), new = if (is.null(again)) NULL else unname(again))
}

contrasts_of <- function(name, text) {
  dd <- d
  contrasts(dd$g) <- switch(name, sum = contr.sum(4), helmert = contr.helmert(4), poly = contr.poly(4), treatment = contr.treatment(levels(d$g), base = 3))
  X <- model.matrix(as.formula(text), dd)
  list(coding = name, formula = text, labels = I(attr(terms(as.formula(text)), "term.labels")), columns = I(colnames(X)), X = unname(X))
}

out <- list(r_version = paste(R.version$major, R.version$minor, sep = "."), data = lapply(d, function(v) if (is.factor(v)) as.character(v) else v),
  newdata = lapply(new, function(v) if (is.factor(v)) as.character(v) else v), cases = lapply(formulas, one),
  contrasts = unlist(lapply(c("sum", "helmert", "poly", "treatment"), function(k) lapply(c("~ g", "~ g * x", "~ f * g"), function(t) contrasts_of(k, t))), recursive = FALSE))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, null = "null"), "\n")
