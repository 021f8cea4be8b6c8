#!/usr/bin/env bash
# Cargo for arm64, with Debian's own Rust and cross compiler: `cross.sh build …`. In a target folder of its own, because it is
# another compiler than the one that `make test` uses.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=target/arm64
export RUSTC=/usr/bin/rustc
export PKG_CONFIG_ALLOW_CROSS=1
export PKG_CONFIG_LIBDIR=/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CC_aarch64_unknown_linux_gnu=aarch64-linux-gnu-gcc
export CXX_aarch64_unknown_linux_gnu=aarch64-linux-gnu-g++
command=$1
shift
exec /usr/bin/cargo "$command" --target aarch64-unknown-linux-gnu "$@"
