#!/bin/sh
# Builds the native libraries into target/native and, with --test, runs their tests. Goes on without them, saying so, where there is no
# compiler. Nothing is built twice: CMake knows what changed.
#   native/build.sh [--test] [--cuda]     --cuda: also the CUDA kernels, where nvcc is found
set -eu
cd "$(dirname "$0")/.."
tests=no
cuda=OFF
for option in "$@"; do
    case $option in
        --test) tests=yes ;;
        --cuda) cuda=ON ;;
        *) echo "native/build.sh: unknown option $option; wanted --test or --cuda" >&2; exit 2 ;;
    esac
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

jobs=$(nproc 2> /dev/null || echo 2)
if ! { cmake -S . -B "$build" -DGRADUS_CUDA=$cuda -DGRADUS_JDK="$jdk" && cmake --build "$build" -j "$jobs"; } > "$log" 2>&1; then
    cat "$log" >&2
    echo "native: the build failed; the lines above are in $log" >&2
    exit 1
fi

# What the jar carries: the libraries that serve, each with its hash.
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
mkdir -p "$jar/$platform"
for library in bridge emulated cuda; do
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
