# t-SNE by Rtsne on Fashion-MNIST's test images, which it first reduces to 50 principal components.
# Arguments: the file of images, threads. Prints peer, work, seconds, remark; tabs between.
arguments <- commandArgs(trailingOnly = TRUE)
suppressMessages(library(Rtsne))
file <- gzfile(arguments[1], "rb")
invisible(readBin(file, "raw", 16))
x <- matrix(as.numeric(readBin(file, "raw", 10000 * 784)), nrow = 10000, byrow = TRUE)
close(file)
set.seed(120)
begin <- proc.time()[["elapsed"]]
map <- Rtsne(x, num_threads = as.integer(arguments[2]), check_duplicates = FALSE, verbose = FALSE)
seconds <- proc.time()[["elapsed"]] - begin
cat(sprintf("Rtsne, 50 comp.\tt-sne 10,000 x 784, 1000 steps\t%.4f\tKL %.4f\n", seconds, tail(map$itercosts, 1)))
