# One table of what gpu.sh run found: PyTorch's lines come first, as "peer NAME VALUE".
/^CUDA device/ { sub(/^CUDA device +/, ""); device = $0 }
/^peer / { peer[$2] = $3; next }
/^device / { sub(/^device /, ""); served = $0 }
/^bits / { checks[++c] = substr($0, 6) }
/^sgemm .*GFLOP/ { rate[$2, $3] = $NF; row($2, "sgemm-" $3, $NF, "GFLOP/s", 1); next }
/^tsne / { row("contract", "tsne-exact-" $3, $5 + 0, "ms a step", 0); tsne = $3 == "n=70000" ? $5 / 1 : 0; next }
/^hash / { checks[++c] = "hash of " $2 ", " $3 ": " $4; next }
FILENAME ~ /steps.txt$/ && NF == 3 && $3 + 0 > 0 { row($1, $2, $3, "µs a step", 0); if ($1 == "fast" && $2 in peer) { target("fast mode, " $2 ", against PyTorch", peer[$2] / $3, " ×", 1, 1) } }
function row(mode, name, value, unit, larger,   ratio) {
    ratio = name in peer && value > 0 && peer[name] > 0 ? sprintf("%.2f ×", larger ? value / peer[name] : peer[name] / value) : "–"
    rows[++r] = "| " name " | " mode " | " value " " unit " | " (name in peer ? peer[name] " " unit : "–") " | " ratio " |"
}
function target(name, value, unit, wanted, more) {
    targets[++t] = "| " name " | " (more ? "≥ " : "≤ ") wanted unit " | " sprintf("%.2f", value) unit " | " ((more ? value >= wanted : value <= wanted) ? "yes" : "no") " |"
}
END {
    for (n = 1024; n <= 8192; n *= 2) {
        if (rate["contract", "n=" n] > 0 && rate["fast", "n=" n] > 0) {
            target("product of the contract against cuBLAS without TF32, n = " n, rate["contract", "n=" n] / rate["fast", "n=" n], " ×", 0.8, 1)
        }
    }
    if (tsne > 0) {
        target("exact t-SNE of 70,000 points, 1000 steps", tsne, " s", 5, 0)
    }
    print "\nGradus: " served "\nGPU: " device "\n"
    print "| check | result |\n|---|---|"
    for (i = 1; i <= c; i++) {
        at = match(checks[i], /: [^:]*$/)
        print "| " substr(checks[i], 1, at - 1) " | " substr(checks[i], at + 2) " |"
    }
    print "\n| work | mode | Gradus | PyTorch | ratio |\n|---|---|---|---|---|"
    for (i = 1; i <= r; i++) {
        print rows[i]
    }
    if (t > 0) {
        print "\n| target | wanted | measured | reached |\n|---|---|---|---|"
        for (i = 1; i <= t; i++) {
            print targets[i]
        }
    } else {
        print "\nNo target was measured: that takes a GPU."
    }
}
