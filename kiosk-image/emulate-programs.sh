#!/usr/bin/env bash
# Lets the kernel run programs of arm64 through QEMU's user emulation, which packages need while they are set up.
# Debian's binfmt-support does the same where a service manager runs; a container has none.
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo "run as root" >&2; exit 1; }
register=/proc/sys/fs/binfmt_misc/register
[ -e $register ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
[ ! -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || exit 0
line=$(grep -h '^:qemu-aarch64:' /usr/lib/binfmt.d/qemu-aarch64*.conf | head -1)
[ -n "$line" ] || { echo "qemu-user-static brings no line for binfmt_misc" >&2; exit 1; }
printf '%s' "$line" > $register
