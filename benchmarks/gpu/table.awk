# One table of what gpu.sh run found: PyTorch's lines come first, as "peer NAME VALUE".
/^CUDA device/ { sub(/^CUDA device +/, ""); device = $0 }
/^peer / { peer[$2] = $3; next }
/^device / { sub(/^device /, ""); served = $0 }
/^bits / { checks[++c] = substr($0, 6) }
/^sgemm .*GFLOP/ { row("sgemm-" $2 "-" $3, $NF, "GFLOP/s", 1); next }
/^tsne / { row("tsne-exact-" $3, $5 + 0, "ms a step", 0); next }
/^hash / { checks[++c] = "hash of fashion-autoencoders, " $2 ": " $3; next }
FILENAME ~ /steps.txt$/ && NF == 2 { row($1, $2, "µs a step", 0) }
function row(name, value, unit, larger,   key, ratio) {
    key = name
    sub(/-(contract|fast)-/, "-", key)
    ratio = key in peer && value > 0 && peer[key] > 0 ? sprintf("%.2f ×", larger ? value / peer[key] : peer[key] / value) : "–"
    rows[++r] = "| " name " | " value " " unit " | " (key in peer ? peer[key] " " unit : "–") " | " ratio " |"
}
END {
    print "\nGradus: " served "\nGPU: " device "\n"
    print "| check | result |\n|---|---|"
    for (i = 1; i <= c; i++) {
        at = match(checks[i], /: [^:]*$/)
        print "| " substr(checks[i], 1, at - 1) " | " substr(checks[i], at + 2) " |"
    }
    print "\n| work | Gradus | PyTorch | ratio |\n|---|---|---|---|"
    for (i = 1; i <= r; i++) {
        print rows[i]
    }
}
