# Golden numbers of the repeated-measures model, from the simulated trial beside this file.
# Made with R 4.2.2, nlme 3.1-162 and numDeriv 2016.8-1.1:  Rscript gls.R > gls.csv
# optim and not nlminb, which gls lets stop at a tolerance that leaves the covariance to four digits.
# Estimates, standard errors, covariance and restricted log-likelihood are nlme's; degrees of freedom are
# Satterthwaite's, by numerical derivatives of a restricted likelihood written out person by person.
library(nlme)
library(numDeriv)

wide <- read.csv("trial.csv")
long <- reshape(wide, direction = "long", varying = paste0("visit_", 1:5), v.names = "madrs", timevar = "visit",
                times = 1:5, idvar = "person")
long <- na.omit(long[order(long$person, long$visit), ])
long$visit_factor <- factor(long$visit)
formulas <- list(crossed = madrs ~ 0 + visit_factor + visit_factor:arm + visit_factor:baseline,
                 stratum = madrs ~ 0 + visit_factor + visit_factor:arm + visit_factor:baseline + stratum)
digits <- function(x) format(x, digits = 15, trim = TRUE)

criterion <- function(theta, x, y, visits) {
  sigma <- matrix(0, 5, 5)
  sigma[lower.tri(sigma, TRUE)] <- theta
  sigma[upper.tri(sigma)] <- t(sigma)[upper.tri(sigma)]
  precision <- 0; side <- 0; squares <- 0; determinant <- 0
  for (rows in visits) {
    v <- sigma[rows$visit, rows$visit, drop = FALSE]
    w <- solve(v)
    xi <- x[rows$at, , drop = FALSE]
    precision <- precision + t(xi) %*% w %*% xi
    side <- side + t(xi) %*% w %*% y[rows$at]
    squares <- squares + c(y[rows$at] %*% w %*% y[rows$at])
    determinant <- determinant + c(determinant(v)$modulus)
  }
  phi <- solve(precision)
  list(d = determinant + c(determinant(precision)$modulus) + squares - c(t(side) %*% phi %*% side), phi = phi)
}

cat("model,quantity,name,value\n")
for (model in names(formulas)) {
  fit <- gls(formulas[[model]], long, correlation = corSymm(form = ~ visit | person),
             weights = varIdent(form = ~ 1 | visit), method = "REML",
             control = glsControl(opt = "optim", optimMethod = "BFGS", msTol = 1e-16, tolerance = 1e-12,
                                  maxIter = 500, msMaxIter = 1000))
  cat(sprintf("%s,log_likelihood,,%s\n", model, digits(c(logLik(fit)))), sep = "")
  complete <- names(which(table(long$person) == 5))[1]
  sigma <- unclass(getVarCov(fit, individual = complete))[1:5, 1:5]
  for (i in 1:5) for (j in 1:i) cat(sprintf("%s,sigma,%d %d,%s\n", model, i, j, digits(sigma[i, j])), sep = "")
  x <- model.matrix(formulas[[model]], long)
  at <- split(seq_len(nrow(long)), long$person)
  visits <- lapply(at, function(rows) list(at = rows, visit = long$visit[rows]))
  theta <- sigma[lower.tri(sigma, TRUE)]
  curvature <- hessian(function(p) criterion(p, x, long$madrs, visits)$d, theta)
  slope <- jacobian(function(p) diag(criterion(p, x, long$madrs, visits)$phi), theta)
  phi <- criterion(theta, x, long$madrs, visits)$phi
  spread <- rowSums((slope %*% (2 * solve(curvature))) * slope)
  degrees <- 2 * diag(phi)^2 / spread
  for (name in names(coef(fit))) {
    place <- match(name, names(coef(fit)))
    short <- gsub("visit_factor", "visit ", name)
    cat(sprintf("%s,estimate,%s,%s\n", model, short, digits(coef(fit)[[name]])), sep = "")
    cat(sprintf("%s,standard_error,%s,%s\n", model, short, digits(sqrt(vcov(fit)[name, name]))), sep = "")
    cat(sprintf("%s,degrees,%s,%s\n", model, short, digits(degrees[[place]])), sep = "")
  }
}
