#!/bin/sh
# Gradus on a GPU, in two steps.
#   benchmarks/gpu/gpu.sh pack [--all | --architectures 80,90]   here: target/gradus-gpu.tar.xz, below 64 MiB, with Java, classes, libraries and images
#   gpu.sh run [--device cuda|emulated]                          unpacked, on a machine with a GPU, without network or anything to install:
#                                                                every kernel against scalar code, the GPU rows of the targets, the hash matrix
# run leaves out/ beside itself and prints where it is, and one table in the end; the times come before the hashes, for whoever has the device for minutes only; it ends with 0 when all bits are equal. With PyTorch for CUDA in python3, that is timed beside.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

find_jdk() { # a JDK 25 or newer with jlink
    for home in "${JAVA_HOME:-/nowhere}" "$(readlink -f "$(command -v javac 2> /dev/null || echo /nowhere)" | sed 's|/bin/javac$||')" /usr/lib/jvm/* /opt/java/* \
        /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
        if [ -x "$home/bin/jlink" ] && [ "$("$home/bin/jlink" --version | cut -d . -f 1)" -ge 25 ]; then
            echo "$home"
            return
        fi
    done
}

pack() {
    root=$(cd "$here/../.." && pwd)
    jdk=$(find_jdk)
    [ -n "$jdk" ] || { echo "gpu.sh: no JDK 25 or newer with jlink was found; set JAVA_HOME to one" >&2; exit 1; }
    (cd "$root" && ./gradus list > /dev/null 2>&1 && native/build.sh "$@")
    [ -f "$root/target/native/libgradus_cuda.so" ] || echo "gpu.sh: libgradus_cuda.so was not built; the archive will only run on the emulated device" >&2
    stage=$root/target/gradus-gpu
    rm -rf "$stage"
    mkdir -p "$stage/target/native"
    "$jdk/bin/jlink" --add-modules java.base,java.compiler,java.desktop,java.logging,java.management,jdk.management,jdk.incubator.vector,jdk.unsupported,jdk.zipfs \
        --strip-debug --no-header-files --no-man-pages --output "$stage/runtime"
    cp -r "$root/target/classes" "$root/target/lib" "$stage/target/"
    cp -r "$root/target/native/jcuda" "$stage/target/native/"
    for library in bridge emulated cublas cuda; do
        cp "$root/target/native/libgradus_$library.so" "$stage/target/native/" 2> /dev/null || true
    done
    cp "$here/gpu.sh" "$here/peer.py" "$here/table.awk" "$stage/"
    tar -C "$root/target" -cJf "$root/target/gradus-gpu.tar.xz" gradus-gpu
    bytes=$(wc -c < "$root/target/gradus-gpu.tar.xz")
    echo "target/gradus-gpu.tar.xz: $bytes bytes"
    [ "$bytes" -lt $((64 << 20)) ] || { echo "gpu.sh: the archive is not below 64 MiB" >&2; exit 1; }
}

gradus() {
    "$here/runtime/bin/java" -XX:+UseParallelGC -p "$here/target/classes:$here/target/lib" --add-modules gradus,jdk.incubator.vector \
        --enable-native-access=gradus,jcuda,jcublas -Djava.library.path="$here/target/native/jcuda/lib" ${GRADUS_JAVA_OPTS:-} -m gradus/gradus.cli.Main "$@"
}

say() { # progress, with the seconds since the start
    echo "[$(($(date +%s) - begin)) s] $1"
}

same() { # same NAME: all lines of hashes.txt of that name must end alike, in a hash
    if [ "$(grep "^hash $1 " hashes.txt | cut -d ' ' -f 4 | sort -u | wc -l)" != 1 ] || grep -q "^hash $1 .* failed" hashes.txt; then
        echo "hash $1: DIFFERENT"
        status=1
    fi
}

hash() { # hash EXPERIMENT BACKEND THREADS OPTIONS...: runs it and notes the hash of its ledger without the first line, which names the backend
    experiment=$1 backend=$2 threads=$3
    shift 3
    name=$experiment-$backend-$threads
    if gradus run "$experiment" --quick --backend "$backend" --threads "$threads" --out "run-$name" "$@" > "run-$name.txt" 2>&1; then
        echo "hash $experiment $backend-$threads $(tail -n +2 "run-$name/ledger.txt" | sha256sum | cut -c 1-16)" | tee -a hashes.txt
    else
        tail -n 3 "run-$name.txt"
        echo "hash $experiment $backend-$threads failed" | tee -a hashes.txt
    fi
}

# cuBLAS as PyTorch brings it, for machines whose toolkit has none.
find_cublas() {
    if [ -z "${CUDA_HOME:-}" ] && ! ls /usr/local/cuda*/lib64/libcublas.so.1[23] > /dev/null 2>&1; then
        library=$(python3 -c 'import glob, nvidia; print(next(f for p in nvidia.__path__ for f in glob.glob(p + "/*/lib/libcublas.so.1[23]")))' 2> /dev/null) || return 0
        CUDA_HOME=${library%/lib/*}
        export CUDA_HOME
        echo "cuBLAS of $CUDA_HOME"
    fi
}

run() {
    device=cuda
    if [ "${1:-}" = --device ]; then
        device=$2
    fi
    [ -x "$here/runtime/bin/java" ] || { echo "gpu.sh: run belongs to the unpacked archive; pack makes it" >&2; exit 2; }
    mkdir -p "$here/out"
    cd "$here/out"
    begin=$(date +%s)
    status=0
    modes="contract fast tf32"
    quick=
    if [ "$device" != cuda ]; then
        modes=contract
        quick=--quick
    fi
    find_cublas
    say "doctor"
    gradus doctor 2> doctor.err | tee doctor.txt
    say "every kernel against scalar code, products, exact t-SNE"
    gradus bench gpu --backend "$device" 2> bench.err | tee bench.txt
    if ! grep -q '^tsne exact' bench.txt || grep -q DIFFERENT bench.txt; then
        status=1
        tail -n 3 bench.err
    fi
    : > steps.txt
    : > peer.txt
    for mode in $modes; do
        for kind in steps conv-steps; do
            say "$kind in mode $mode"
            gradus bench $kind --backend "$device" --mode "$mode" $quick 2> "$kind-$mode.err" | sed "s/^/$mode /" | tee -a steps.txt
            grep -v '^WARNING: Using incubator' "$kind-$mode.err" | tail -n 1
        done
    done
    grep -q '^contract .*conv' steps.txt || status=1
    if [ "$device" = cuda ]; then
        if python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2> /dev/null; then
            say "PyTorch"
            python3 "$here/peer.py" | tee peer.txt
        else
            echo "PyTorch for CUDA was not found in python3; its column stays empty"
        fi
    fi
    say "hash matrix, all configurations side by side"
    : > hashes.txt
    for configuration in "cpu 1" "$device 1" "$device 2" "scalar 1"; do
        hash fashion-kmeans ${configuration% *} ${configuration#* } --set rows=500 --set starts=1 &
        hash fashion-autoencoders ${configuration% *} ${configuration#* } &
        hash all-layers ${configuration% *} ${configuration#* } &
    done
    wait
    sort -o hashes.txt hashes.txt
    same fashion-kmeans
    same fashion-autoencoders
    same all-layers
    awk -f "$here/table.awk" doctor.txt peer.txt bench.txt steps.txt hashes.txt | tee table.md
    say "done"
    exit $status
}

case ${1:-} in
    pack) shift; pack "$@" ;;
    run) shift; run "$@" ;;
    *) echo "usage: gpu.sh pack [--all | --architectures 80,90], or gpu.sh run [--device cuda|emulated]" >&2; exit 2 ;;
esac
