# Reference predictions and standard errors. Writes predictions.json beside this file; run in this folder.
# Linear mixed models: Henderson's equations for (beta, b) at lme4's estimates of the covariance parameters, which is what
# lme4's predict(se.fit = TRUE) computes. Others: glmmTMB's predict(se.fit = TRUE).
suppressMessages({ library(lme4); library(glmmTMB); library(jsonlite) })
data <- function(name, factors) {
  d <- read.csv(file.path("../data", name))
  for (f in factors) d[[f]] <- factor(d[[f]])
  d
}
control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6))

henderson <- function(m, newX, newZ) {
  X <- getME(m, "X"); Z <- getME(m, "Z"); L <- getME(m, "Lambda"); s <- sigma(m)
  ZL <- Z %*% L
  A <- rbind(cbind(crossprod(X), crossprod(X, ZL)), cbind(crossprod(ZL, X), crossprod(ZL) + Diagonal(ncol(ZL))))
  T <- as.matrix(bdiag(Diagonal(ncol(X)), L))
  C <- s^2 * T %*% solve(as.matrix(A)) %*% t(T)
  V <- cbind(newX, newZ)
  est <- c(fixef(m), as.vector(L %*% getME(m, "u")))
  list(fit = as.vector(V %*% est), se = sqrt(diag(V %*% C %*% t(V))),
       population = as.vector(newX %*% fixef(m)), populationSe = sqrt(diag(newX %*% as.matrix(vcov(m)) %*% t(newX))))
}
out <- list(versions = list(R = R.version.string, lme4 = as.character(packageVersion("lme4")), glmmTMB = as.character(packageVersion("glmmTMB"))))

d <- data("sleepstudy.csv", "Subject")
m <- lmer(Reaction ~ Days + (Days | Subject), d, control = control)
rows <- c(1, 6, 55, 180)
new <- d[rows, c("Days", "Subject")]; new$Days <- new$Days + c(0, 2.5, 12, -3)
Z <- matrix(0, 4, 36); for (i in 1:4) { k <- as.integer(new$Subject[i]); Z[i, 2 * k - 1] <- 1; Z[i, 2 * k] <- new$Days[i] }
VC <- as.matrix(VarCorr(m)$Subject)
zz <- sapply(new$Days, function(x) c(1, x) %*% VC %*% c(1, x))
out$sleepstudy <- c(list(Days = new$Days, Subject = as.character(new$Subject)), henderson(m, cbind(1, new$Days), Z), list(sigma = sigma(m), unseenVariance = zz))

# crossed: plates and samples; rows 1 and 100 met in the data, (a, F) with another sample did too; all pairs do in these data
d <- data("Penicillin.csv", c("plate", "sample"))
d <- d[-c(1, 9, 20, 33, 50), ] # so that some pairs of levels never met
m <- lmer(diameter ~ 1 + (1 | plate) + (1 | sample), d, control = control)
full <- data("Penicillin.csv", c("plate", "sample"))
new <- full[c(1, 2, 9, 144), c("plate", "sample")]
fl <- getME(m, "flist"); Zn <- matrix(0, 4, length(getME(m, "u")))
names <- unlist(lapply(names(fl), function(g) paste(g, levels(fl[[g]]))))
for (i in 1:4) { Zn[i, names == paste("plate", new$plate[i])] <- 1; Zn[i, names == paste("sample", new$sample[i])] <- 1 }
out$penicillin <- c(list(left = c(1, 9, 20, 33, 50), plate = as.character(new$plate), sample = as.character(new$sample)), henderson(m, matrix(1, 4, 1), Zn))

tmb <- function(m, new, fresh) {
  p <- predict(m, new, se.fit = TRUE)
  r <- predict(m, new, se.fit = TRUE, type = "response")
  f <- predict(m, new, se.fit = TRUE, re.form = NA)
  u <- predict(m, fresh, se.fit = TRUE, allow.new.levels = TRUE)
  v <- function(x) unname(as.vector(x))
  list(link = v(p$fit), linkSe = v(p$se.fit), response = v(r$fit), responseSe = v(r$se.fit),
       population = v(f$fit), populationSe = v(f$se.fit), unseen = v(u$fit), unseenSe = v(u$se.fit))
}
d <- data("cbpp.csv", c("herd", "period"))
m <- glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), d, family = binomial)
rows <- c(1, 2, 20, 50); fresh <- d[rows, ]; fresh$herd <- factor(c("77", "77", "88", "99"))
out$cbpp <- c(list(rows = rows), tmb(m, d[rows, ], fresh))

d <- data("epil.csv", "subject")
m <- glmmTMB(y ~ trt + base + (1 | subject), d, family = nbinom2)
rows <- c(1, 5, 100, 200); fresh <- d[rows, ]; fresh$subject <- factor(c("701", "702", "703", "704"))
out$epil <- c(list(rows = rows), tmb(m, d[rows, ], fresh))

d <- data("sim_zip.csv", "g")
m <- glmmTMB(y ~ x + (1 | g), d, ziformula = ~1, family = poisson)
rows <- c(1, 30, 77, 150); fresh <- d[rows, ]; fresh$g <- factor(c("901", "902", "903", "904"))
out$zip <- c(list(rows = rows), tmb(m, d[rows, ], fresh))
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "predictions.json")
