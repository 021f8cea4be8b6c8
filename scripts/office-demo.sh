#!/usr/bin/env bash
# An office with a simulated year to look at: keys, content, counts of KIOSKS kiosks that are made up, then the server.
# Everything lies in target/office-demo and is made anew when that folder is removed.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=target/office-demo
programs=target/release
export OFFICE_KEY_PASSWORD="mật khẩu thử" OFFICE_ACCOUNT_PASSWORD="xem thử văn phòng"

if [ ! -e "$folder/ready" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    "$programs/office" keys new --out "$folder/office"
    "$programs/office" pack content --output "$folder/content.kpack" --key "$folder/office.key" >"$folder/pack.log"
    "$programs/examples/year" --kiosks "${KIOSKS:-30}" --seed 1 --db "$folder/office.db" --key "$folder/office.key"
    "$programs/office" packs add "$folder/content.kpack" --db "$folder/office.db" --packs "$folder/packs" \
        --key "$folder/office.pub"
    "$programs/office" accounts set xem-thu --db "$folder/office.db"
    touch "$folder/ready"
fi

echo
echo "Số liệu mô phỏng, không phải của xã nào. Đăng nhập bằng tên: xem-thu, mật khẩu: $OFFICE_ACCOUNT_PASSWORD"
exec "$programs/office" serve --db "$folder/office.db" --key "$folder/office.key" --packs "$folder/packs" \
    --listen "${LISTEN:-127.0.0.1:8080}"
