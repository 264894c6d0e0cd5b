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

without() {
    echo "native: $1; the emulated and cuda backends are left out of this build (install $2 to have them)"
    exit 0
}
command -v cmake > /dev/null || without "cmake was not found" "cmake and g++"
command -v "${CXX:-g++}" > /dev/null || without "no C++ compiler was found" "g++ 12 or newer"

build=target/native-build
log=$build/build.log
mkdir -p "$build" target/native
jobs=$(nproc 2> /dev/null || echo 2)
if ! { cmake -S . -B "$build" -DGRADUS_CUDA=$cuda && cmake --build "$build" -j "$jobs"; } > "$log" 2>&1; then
    cat "$log" >&2
    echo "native: the build failed; the lines above are in $log" >&2
    exit 1
fi
if [ $tests = yes ]; then
    cmake --build "$build" -j "$jobs" --target native_tests >> "$log" 2>&1 || { cat "$log" >&2; exit 1; }
    ctest --test-dir "$build" --output-on-failure
fi
