#!/bin/sh
# Gradus on a GPU, in two steps.
#   benchmarks/gpu/gpu.sh pack [--all | --architectures 80,90]   here: target/gradus-gpu.tar.xz, below 64 MiB, with Java, classes, libraries and images
#   gpu.sh run [--device cuda|emulated]                          unpacked, on a machine with a GPU, without network or anything to install:
#                                                                every kernel against scalar code, the hash matrix, the GPU rows of the targets
# run leaves out/ beside itself and prints one table; it ends with 0 when all bits are equal. With PyTorch for CUDA in python3, that is timed beside.
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

run() {
    device=cuda
    if [ "${1:-}" = --device ]; then
        device=$2
    fi
    [ -x "$here/runtime/bin/java" ] || { echo "gpu.sh: run belongs to the unpacked archive; pack makes it" >&2; exit 2; }
    mkdir -p "$here/out"
    cd "$here/out"
    gradus doctor 2> doctor.err | tee doctor.txt
    status=0
    gradus bench gpu --backend "$device" 2> bench.err | tee bench.txt
    if ! grep -q '^tsne exact' bench.txt || grep -q DIFFERENT bench.txt; then
        status=1
        tail -n 3 bench.err
    fi
    : > hashes.txt
    for configuration in "cpu 1" "cpu 2" "scalar 1" "$device 1" "$device 2"; do
        backend=${configuration% *}
        name=$(echo "$configuration" | tr ' ' -)
        gradus run fashion-autoencoders --quick --backend "$backend" --threads "${configuration#* }" --out "run-$name" > "run-$name.txt" 2>&1 || { status=1; tail -n 3 "run-$name.txt"; }
        echo "hash $name $(tail -n +2 "run-$name/ledger.txt" 2> /dev/null | sha256sum | cut -c 1-16)" | tee -a hashes.txt
    done
    [ "$(cut -d ' ' -f 3 hashes.txt | sort -u | wc -l)" = 1 ] || { echo "hash matrix: DIFFERENT"; status=1; }
    : > steps.txt
    : > peer.txt
    if [ "$device" = cuda ]; then
        gradus bench steps --backend cuda 2> steps.err | tee steps.txt
        if python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2> /dev/null; then
            python3 "$here/peer.py" | tee peer.txt
        else
            echo "PyTorch for CUDA was not found in python3; its column stays empty"
        fi
    fi
    awk -f "$here/table.awk" doctor.txt peer.txt bench.txt steps.txt hashes.txt | tee table.md
    exit $status
}

case ${1:-} in
    pack) shift; pack "$@" ;;
    run) shift; run "$@" ;;
    *) echo "usage: gpu.sh pack [--all | --architectures 80,90], or gpu.sh run [--device cuda|emulated]" >&2; exit 2 ;;
esac
