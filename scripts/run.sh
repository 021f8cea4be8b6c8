#!/usr/bin/env bash
# Starts the kiosk on the repository's content: in a window on a desktop, on bare KMS on a console.
# Without any display it takes the tour and says where the pictures are.
set -euo pipefail
cd "$(dirname "$0")/.."

# A Wayland desktop shows X windows too. A graphics card alone is no display: one of its connectors must have a screen.
if [ -n "${DISPLAY:-}" ] || grep -qsx connected /sys/class/drm/card*-*/status; then
    exec target/release/kiosk --content content
fi
echo "There is no display here, so the kiosk is shown as pictures."
exec target/release/kiosk --content content tour --out target/tour
