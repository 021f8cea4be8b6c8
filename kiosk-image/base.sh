#!/usr/bin/env bash
# Debian's packages for the image, set up, as a tar file: `base.sh amd64|arm64 FILE`. As root.
set -euo pipefail
cd "$(dirname "$0")/.."

arch=$1 out=$2
here=kiosk-image
suite=trixie
components='main non-free-firmware'

# Lines of packages.txt that are for this architecture.
packages=$(sed -e 's/#.*//' $here/packages.txt | awk -v arch="[$arch]" 'NF && ($2 !~ /^\[/ || $2 == arch) { print $1 }' | paste -sd,)

# The mirrors that this machine is set up to use, with the image's suite instead of its own.
mirror() { apt-get indextargets --format '$(REPO_URI)' | sort -u | grep -m1 -E "$1"; }
main=$(mirror '/debian/?$') security=$(mirror 'debian-security/?$') || {
    echo "this machine's apt has no mirror of Debian and its security updates" >&2
    exit 1
}
[ "$arch" = "$(dpkg --print-architecture)" ] || $here/emulate-programs.sh

mmdebstrap --mode=root --variant=minbase --format=tar --architectures="$arch" --include="$packages" \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/lintian/*' \
    --dpkgopt='path-exclude=/usr/share/fonts/truetype/noto/*' \
    --dpkgopt='path-include=/usr/share/fonts/truetype/noto/NotoSans-*' \
    --essential-hook='mkdir -p "$1"/etc/initramfs-tools/hooks "$1"/etc/sysusers.d' \
    --essential-hook="copy-in $here/rootfs/etc/initramfs-tools/hooks/kiosk /etc/initramfs-tools/hooks" \
    --essential-hook="copy-in $here/rootfs/etc/sysusers.d/kiosk.conf /etc/sysusers.d" \
    --customize-hook='chroot "$1" systemd-sysusers' \
    "$suite" "$out" \
    "deb $main $suite $components" "deb $main $suite-updates $components" "deb $security $suite-security $components"
