#!/usr/bin/env bash
# Installs what is missing on a Debian 12 or 13 machine to build and run (`setup.sh run`) or to test as well (`setup.sh test`).
# Prints the folder of the cargo to use. Does nothing, and asks for nothing, where nothing is missing.
set -euo pipefail

purpose=${1:-run}
oldest_rust=92 # of 1.x: what Slint 1.18 needs

packages=(build-essential ca-certificates pkg-config libinput-dev libudev-dev libxkbcommon-dev libxkbcommon-x11-0
    libfontconfig-dev fonts-noto-core)

# True if the cargo in folder $1 is new enough.
new_enough() {
    local minor
    minor=$("$1/cargo" --version 2>/dev/null | sed -n 's/^cargo 1\.\([0-9]*\)\..*/\1/p')
    [ -n "$minor" ] && [ "$minor" -ge "$oldest_rust" ]
}

find_cargo() {
    local folder
    for folder in "${CARGO_HOME:-$HOME/.cargo}/bin" "$(dirname "$(command -v cargo || echo /usr/bin/cargo)")" /usr/bin; do
        if new_enough "$folder"; then
            echo "$folder"
            return
        fi
    done
}

# Stock programs that the tests open our files with, a PostgreSQL (the tests start one of their own and leave the one that
# Debian starts alone), and a browser that opens the office's pages.
[ "$purpose" = test ] && packages+=(dbus minisign sqlite3 tar zstd postgresql chromium chromium-driver)

if [ -z "$(find_cargo)" ]; then
    packages+=(rustc-web cargo-web)
    [ "$purpose" = test ] && packages+=(rust-web-clippy rustfmt-web)
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then
        as_root=()
    elif command -v sudo >/dev/null; then
        as_root=(sudo)
    else
        echo "These Debian packages are missing and only root can install them: ${missing[*]}" >&2
        exit 1
    fi
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

cargo=$(find_cargo)
if [ -z "$cargo" ]; then
    echo "No Rust of version 1.$oldest_rust or newer was found, neither rustup's nor Debian's rustc-web." >&2
    exit 1
fi
echo "$cargo"
