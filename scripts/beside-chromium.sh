#!/bin/bash
# Start and memory of the kiosk in an X window, beside Debian's Chromium in kiosk mode on one local page of six tiles: in turn, seven
# rounds, medians and ratios. Needs xvfb and chromium (Debian's packages), and `cargo build --release --bin kiosk --bin office` before.
#
# Start is the time from the program's start until the middle of the screen has the colour that it has in the end; memory the PSS of all
# its processes five seconds later. Chromium's profile is warm: one start before the rounds made it.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-7}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT

target/release/office library content -o "$work/content.db" > /dev/null
cat > "$work/page.html" << 'END'
<!doctype html><html lang="vi"><meta charset="utf-8"><title>Xã</title>
<style>body{margin:0;background:#0a6c74;font:32px sans-serif;color:#fff}main{display:grid;grid-template-columns:1fr 1fr 1fr;gap:24px;padding:48px}
a{background:#fff;color:#123;border-radius:16px;height:280px;display:flex;align-items:center;justify-content:center}</style>
<main><a>Làm thủ tục</a><a>Bài đọc</a><a>An toàn</a><a>Trắc nghiệm</a><a>Nghe đài</a><a>Lịch</a></main>
END

Xvfb -displayfd 3 -screen 0 1280x800x24 -fbdir "$work" -nolisten tcp 3> "$work/display" 2> /dev/null &
until [ -s "$work/display" ]; do sleep 0.1; done
display=$(cat "$work/display")
export DISPLAY=:$display
screen=$work/Xvfb_screen0
# The file is an X window dump: the size of its header, the number of its colours (12 bytes each), then the pixels.
number() { od -An -tu4 --endian=big -j "$1" -N 4 "$screen" | tr -d ' '; }
pixels=$(($(number 0) + 12 * $(number 76)))
# Between the tiles of the page, near the middle of the screen; the kiosk's invitation covers all of it.
middle=$((pixels + 4 * (1280 * 340 + 640)))
color() { od -An -tx4 -j "$middle" -N 4 "$screen" | tr -d ' '; }

# Processes below one, and itself.
family() {
    echo "$1"
    local child
    for child in $(cat /proc/"$1"/task/*/children 2> /dev/null); do family "$child"; done
}

pss() {
    local sum=0 process kib
    for process in $(family "$1"); do
        kib=$(awk '/^Pss:/ { print $2 }' "/proc/$process/smaps_rollup" 2> /dev/null || echo 0)
        sum=$((sum + ${kib:-0}))
    done
    echo "$sum"
}

# Runs a program until the middle of the screen has a colour; prints milliseconds and KiB.
measure() {
    local wanted=$1 began now program
    shift
    began=${EPOCHREALTIME/./}
    "$@" > "$work/log" 2>&1 &
    program=$!
    until [[ $(color) =~ $wanted ]]; do
        now=${EPOCHREALTIME/./}
        if ((now - began > 60000000)); then
            echo "no picture after a minute: $*" >&2
            cat "$work/log" >&2
            exit 1
        fi
    done
    now=${EPOCHREALTIME/./}
    sleep 5
    echo "$(((now - began) / 1000)) $(pss $program)"
    kill $program
    wait $program 2> /dev/null || true
    # The next one begins on an empty screen.
    until [[ $(color) =~ 000000$ ]]; do sleep 0.1; done
}

chromium() {
    measure '0a6c74$' /usr/bin/chromium --kiosk --no-first-run --no-sandbox --disable-gpu --window-position=0,0 --window-size=1280,800 \
        --user-data-dir="$work/profile" "file://$work/page.html"
}
kiosk() { measure '[1-9a-f]' env SLINT_SCALE_FACTOR=1 target/release/kiosk --content "$work/content.db" --data "$work/data"; }

chromium > /dev/null
kiosk > /dev/null
for ((round = 1; round <= rounds; round++)); do
    echo "kiosk $(kiosk)" | tee -a "$work/figures"
    echo "chromium $(chromium)" | tee -a "$work/figures"
done
median() { awk -v who="$1" -v field="$2" '$1 == who { print $field }' "$work/figures" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
for field in 2 3; do
    ours=$(median kiosk $field)
    theirs=$(median chromium $field)
    what=$([ $field = 2 ] && echo "ms to the first picture" || echo "KiB of memory")
    awk -v o="$ours" -v t="$theirs" -v w="$what" 'BEGIN { printf "%s: kiosk %d, Chromium %d, ratio %.1f\n", w, o, t, t / o }'
done
