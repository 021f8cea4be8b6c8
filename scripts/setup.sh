#!/usr/bin/env bash
# Installs what is missing on a Debian 12 or 13 machine to build and run the kiosk (`setup.sh run`), the office too (`setup.sh office`), to test them (`setup.sh test`), to test what takes minutes (`test-all`), to
# build the bootable image (`setup.sh image-amd64`, `image-arm64`), or to test that too (`setup.sh image-test`).
# Prints the folder of the cargo to use. Does nothing, and asks for nothing, where nothing is missing.
set -euo pipefail

purpose=${1:-run}
oldest_rust=92 # of 1.x: what Slint 1.18 needs

packages=(build-essential ca-certificates pkg-config libasound2-dev libinput-dev libudev-dev libxkbcommon-dev libxkbcommon-x11-0
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

# What reports are printed in.
case $purpose in office | test | test-all) packages+=(fonts-texgyre) ;; esac

# Stock programs that the tests open our files with, a PostgreSQL (the tests start one of their own and leave the one that
# Debian starts alone), a browser that opens the office's pages, a machine's voice, what writes MP3, and what reads PDF.
is_test=false
case $purpose in test | test-all) is_test=true ;; esac
$is_test && packages+=(dbus minisign sqlite3 tar zstd postgresql wpasupplicant chromium chromium-driver espeak-ng lame poppler-utils
    libreoffice-writer-nogui)

# What changes servers when a primary fails: for the PostgreSQL that Debian has.
[ "$purpose" = test-all ] && packages+=(pg-auto-failover-cli "postgresql-$(. /etc/os-release && [ "$VERSION_CODENAME" = bookworm ] && echo 15 || echo 17)-auto-failover")

# What looks over the pages of a site for people who see, hear or move in other ways. Debian has it not; npm does.
axe=axe-core@4.14.1
axe_sum=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
axe_file=$(dirname "$0")/../target/axe-core/axe.min.js
needs_axe() { $is_test && ! echo "$axe_sum $axe_file" | sha256sum --check --status 2>/dev/null; }
if needs_axe && ! command -v npm >/dev/null; then packages+=(npm); fi

# Images: Debian's packages in a tree, and the three file systems of a card. For another architecture also Debian's Rust with its
# cross compiler, and an emulator that runs the packages' scripts.
image=(git mmdebstrap squashfs-tools mtools dosfstools e2fsprogs fdisk systemd)
case $purpose in
    image-amd64) packages+=("${image[@]}") ;;
    image-arm64) packages+=("${image[@]}" rustc-web cargo-web libstd-rust-web-dev:arm64 gcc-aarch64-linux-gnu g++-aarch64-linux-gnu
        libasound2-dev:arm64 libudev-dev:arm64 libinput-dev:arm64 libxkbcommon-dev:arm64 libfontconfig-dev:arm64 qemu-user-static arch-test) ;;
    image-test) packages+=(qemu-system-x86 qemu-system-arm ovmf exfatprogs mtools dosfstools openssh-client sqlite3 espeak-ng) ;;
esac

if [ -z "$(find_cargo)" ]; then
    packages+=(rustc-web cargo-web)
    $is_test && packages+=(rust-web-clippy rustfmt-web)
fi

missing=()
packages_from=()
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
    if [ "$purpose" = image-arm64 ] && ! dpkg --print-foreign-architectures | grep -qx arm64; then
        "${as_root[@]}" dpkg --add-architecture arm64
    fi
    "${as_root[@]}" apt-get update -qq >&2
    # Debian 12's own QEMU knows no touchscreen (8.1 and newer do); its backports bring one.
    . /etc/os-release
    if [ "$purpose" = image-test ] && [ "$VERSION_CODENAME" = bookworm ]; then
        if ! apt-get indextargets --format '$(CODENAME)' | grep -q bookworm-backports; then
            mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m1 -E '/debian/?$')
            echo "deb $mirror bookworm-backports main" | "${as_root[@]}" tee /etc/apt/sources.list.d/kiosk-backports.list >&2
            "${as_root[@]}" apt-get update -qq >&2
        fi
        packages_from=(--target-release bookworm-backports)
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${packages_from[@]}" "${missing[@]}" >&2
fi

if needs_axe; then
    fetched=$(mktemp -d)
    (cd "$fetched" && npm pack --silent "$axe" && tar -xzf ./*.tgz) >&2
    mkdir -p "$(dirname "$axe_file")"
    cp "$fetched/package/axe.min.js" "$axe_file"
    rm -r "$fetched"
    if needs_axe; then
        echo "$axe is not what it was when it was chosen." >&2
        exit 1
    fi
fi

cargo=$(find_cargo)
if [ -z "$cargo" ]; then
    echo "No Rust of version 1.$oldest_rust or newer was found, neither rustup's nor Debian's rustc-web." >&2
    exit 1
fi
echo "$cargo"
