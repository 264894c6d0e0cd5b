#!/bin/sh
# Builds the native libraries into target/native and, with --test, runs their tests. Goes on without them, saying so, where there is no
# compiler. Nothing is built twice: CMake knows what changed.
#   native/build.sh [--test] [--all | --architectures 80,90 | --no-cuda | --cuda-where-used]
# Where nvcc is found, the kernels are compiled for CUDA devices too: machine code for compute capability 9.0 (H100, H200) and PTX for all others
# from 7.5 on, which the driver compiles at the first start; --all: machine code for every architecture. --cuda-where-used, as Maven calls it: for
# CUDA only where this machine has a device or an earlier build made them, then for the same architectures. No test runs them, and they take
# a minute or more.
set -eu
cd "$(dirname "$0")/.."
tests=no
cuda=ON
architectures=90
while [ $# -gt 0 ]; do
    case $1 in
        --test) tests=yes ;;
        --all) architectures="75;80;86;89;90;100;120" ;;
        --architectures) shift; architectures=$(echo "${1:-90}" | tr , ';') ;;
        --no-cuda) cuda=OFF ;;
        --cuda-where-used) cuda=WHERE_USED ;;
        *) echo "native/build.sh: unknown option $1; wanted --test, --all, --architectures, --no-cuda or --cuda-where-used" >&2; exit 2 ;;
    esac
    shift
done

build=target/native-build
log=$build/build.log
jar=target/native-jar/gradus/native
mkdir -p "$build" target/native "$jar"

without() {
    echo "native: $1; the emulated and cuda backends are left out of this build (they need $2)"
    exit 0
}
[ "$(uname -s)" = Linux ] || without "this is not Linux" "Linux"
command -v cmake > /dev/null || without "cmake was not found" "cmake and g++"
command -v "${CXX:-g++}" > /dev/null || without "no C++ compiler was found" "g++ 12 or newer"

# A JDK for jni.h: the one that compiles the classes, else any.
jdk=
for candidate in "${JAVA_HOME:-/nowhere}" "$(readlink -f "$(command -v javac 2> /dev/null || echo /nowhere)" | sed 's|/bin/javac$||')" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -z "$jdk" ] && [ -f "$candidate/include/jni.h" ]; then
        jdk=$candidate
    fi
done
[ -n "$jdk" ] || without "no jni.h was found in a JDK" "a JDK and set JAVA_HOME"

if [ $cuda = WHERE_USED ]; then
    if [ -f target/native/libgradus_cuda.so ] || [ -e /dev/nvidiactl ] || [ -e /dev/dxg ]; then
        cuda=ON
        architectures=$(sed -n 's/^GRADUS_ARCHITECTURES:[A-Z]*=//p' "$build/CMakeCache.txt" 2> /dev/null || true)
    else
        cuda=OFF
        echo "native: this machine has no CUDA device, so the kernels were not compiled for one; native/build.sh does"
    fi
fi

jobs=$(nproc 2> /dev/null || echo 2)
if ! { cmake -S . -B "$build" -DGRADUS_CUDA=$cuda -DGRADUS_ARCHITECTURES="${architectures:-90}" -DGRADUS_JDK="$jdk" && cmake --build "$build" -j "$jobs"; } > "$log" 2>&1; then
    cat "$log" >&2
    echo "native: the build failed; the lines above are in $log" >&2
    exit 1
fi

if [ $cuda = ON ] && grep -q "^NVCC:.*NOTFOUND" "$build/CMakeCache.txt"; then
    echo "native: nvcc was not found; --backend cuda is left out of this build (it needs the CUDA toolkit, 12.0 or newer)"
fi

# What the jar carries: the libraries that serve, each with its hash.
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
mkdir -p "$jar/$platform"
for library in bridge emulated cublas cuda; do
    file=target/native/libgradus_$library.so
    if [ -f "$file" ] && ! cmp -s "$file" "$jar/$platform/${file##*/}"; then
        cp "$file" "$jar/$platform/"
        sha256sum < "$file" | cut -d ' ' -f 1 > "$jar/$platform/${file##*/}.sha256"
    fi
done

if [ $tests = yes ]; then
    cmake --build "$build" -j "$jobs" --target native_tests >> "$log" 2>&1 || { cat "$log" >&2; exit 1; }
    ctest --test-dir "$build" --output-on-failure
fi
