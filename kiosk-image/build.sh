#!/usr/bin/env bash
# Builds the bootable image of the kiosk: a card for Raspberry Pis (arm64) or a disk for mini PCs (amd64).
#
#     kiosk-image/build.sh --arch arm64|amd64 --out FILE [--office-key FILE.pub]
#
# As root, because packages set their own owners; nothing is mounted but what mmdebstrap mounts for packages of a foreign
# architecture. Beside FILE come FILE.sha256 and FILE.sbom (what is in it). What differs from one build to the next: see README.md.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$*" >&2; exit 1; }

arch='' out='' office_key=''
while [ $# -gt 0 ]; do
    case $1 in
        --arch) arch=$2 ;;
        --out) out=$2 ;;
        --office-key) office_key=$2 ;;
        *) fail "unknown option $1" ;;
    esac
    shift 2
done
case $arch in
    amd64) table=gpt target=x86_64-unknown-linux-gnu ;;
    arm64) table=dos target=aarch64-unknown-linux-gnu ;;
    *) fail "--arch must be amd64 or arm64" ;;
esac
[ -n "$out" ] || fail "--out is missing"
[ "$(id -u)" = 0 ] || fail "run as root: packages set owners of files"

here=kiosk-image
work=target/image/$arch
root=$work/root
umask 022
mkdir -p "$work" "$(dirname "$out")"

# --- The programs and the factory pack -------------------------------------------------------------------------------------

folder=$(scripts/setup.sh "image-$arch")
PATH=$folder:$PATH
echo "== programs"
cargo build --release --locked --bin office --no-default-features --features office
kiosk=(build --profile shipped --locked --bin kiosk --no-default-features --features kiosk)
if [ "$arch" = arm64 ]; then
    $here/cross.sh "${kiosk[@]}"
    program=target/arm64/$target/shipped/kiosk strip=aarch64-linux-gnu-strip
else
    cargo "${kiosk[@]}"
    program=target/shipped/kiosk strip=strip
fi
target/release/office library content -o "$work/content.db"
# Now, before another cargo puts another one there.
cp "$program" "$work/kiosk"

# All times in the image are that of the last commit, or what the caller says. (Not before the programs are built: cargo would
# build again what it has built without.)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export TZ=UTC LC_ALL=C.UTF-8

# --- Debian -----------------------------------------------------------------------------------------------------------------

# Fetched and set up once a day, for that is the slow part.
base=$work/base-$(date +%F)-$(cat $here/base.sh $here/packages.txt $here/rootfs/etc/{initramfs-tools/hooks,sysusers.d}/* | sha256sum | cut -c1-12).tar
if [ ! -e "$base" ]; then
    echo "== packages of Debian"
    rm -f "$work"/base-*.tar
    # Its times are those of the day, whichever commit it is made for.
    SOURCE_DATE_EPOCH=$(date --date "$(date +%F)" +%s) $here/base.sh "$arch" "$base.part"
    mv "$base.part" "$base"
fi

# --- The root ---------------------------------------------------------------------------------------------------------------

echo "== root"
rm -rf "$root"
mkdir -p "$root"
tar --extract --file "$base" --directory "$root" --numeric-owner
# With the rights of programs and of files, whatever the umask was when the repository was cloned.
rm -rf "$work/overlay"
cp --recursive $here/rootfs "$work/overlay"
chmod --recursive u=rwX,go=rX "$work/overlay"
cp --recursive --no-preserve=ownership,timestamps "$work/overlay/." "$root"
install -m 755 "$work/kiosk" "$root/usr/bin/kiosk"
$strip "$root/usr/bin/kiosk"
install -D -m 644 "$work/content.db" "$root/usr/share/commune-kiosk/content.db"
install -D -m 644 LICENSE "$root/usr/share/doc/commune-kiosk/copyright"
mkdir -p "$root/data" "$root/media"

ln -sf /usr/share/zoneinfo/Asia/Ho_Chi_Minh "$root/etc/localtime"
echo kiosk > "$root/etc/hostname"
printf '127.0.0.1 localhost kiosk\n::1 localhost kiosk\n' > "$root/etc/hosts"
ln -sf /run/systemd/resolve/resolv.conf "$root/etc/resolv.conf"
# Made anew at every start: nothing in it tells one kiosk from another.
: > "$root/etc/machine-id"
systemctl --quiet --root="$root" enable kiosk.service kiosk-setup.service kiosk-grow.service kiosk-late.service \
    kiosk-journal.timer kiosk-journal-at-stop.service kiosk-ssh.service nftables.service systemd-networkd.service systemd-resolved.service \
    systemd-timesyncd.service
# Not by x-systemd.growfs in /etc/fstab, which would have the whole start wait for the data.
install -d "$root/etc/systemd/system/data.mount.wants"
ln -s /usr/lib/systemd/system/systemd-growfs@.service "$root/etc/systemd/system/data.mount.wants/systemd-growfs@data.service"
systemctl --quiet --root="$root" disable systemd-networkd-wait-online.service wpa_supplicant.service
# No console to sit at; no key that restarts; SSH is our own unit's; nothing to update in a root that can't be written.
systemctl --quiet --root="$root" mask getty@.service autovt@.service serial-getty@.service getty.target ctrl-alt-del.target \
    rescue.service ssh.service ssh.socket sshd-keygen.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-firstboot.service
systemctl --quiet --root="$root" set-default multi-user.target

# Not needed to run, and different each time.
rm -rf "$root"/var/{log,cache,lib/apt/lists}/* "$root"/etc/*- "$root"/etc/ssh/ssh_host_* "$root"/usr/share/fonts/truetype/noto/NotoSans-{Cond,Semi,Extra,Thin,Black}*
{
    echo "# Debian packages: name, version, source"
    dpkg-query --admindir="$root/var/lib/dpkg" --show --showformat '${Package} ${Version} ${source:Package}\n'
    echo "# Rust crates in /usr/bin/kiosk: name, version, licence"
    cargo tree --locked --edges normal,no-proc-macro --target "$target" --package commune-kiosk --no-default-features \
        --features kiosk --prefix none --format '{p} {l}' | sed -e 's/ (\*)$//' -e 's/ (\/[^)]*)//' | sort -u
} > "$out.sbom"
install -D -m 644 "$out.sbom" "$root/usr/share/doc/commune-kiosk/sbom"

# --- The three partitions ---------------------------------------------------------------------------------------------------

echo "== partitions"
boot=$work/boot
rm -rf "$boot" "$work"/*.part
mkdir -p "$boot"
cp -r $here/boot/common/. $here/boot/$arch/. "$boot"
[ -z "$office_key" ] || cp "$office_key" "$boot/kiosk/office.pub"
cp "$root"/boot/vmlinuz-* "$boot/vmlinuz"
cp "$root"/boot/initrd.img-* "$boot/initrd.img"
if [ "$arch" = amd64 ]; then
    install -D "$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$boot/EFI/BOOT/BOOTX64.EFI"
else
    # What Debian's raspi-firmware has put together, but for its settings: ours are in boot/arm64.
    cp -r "$root"/boot/firmware/{bootcode.bin,*.elf,*.dat,*.dtb,overlays} "$boot"
fi
rm -rf "$root"/boot/* "$root"/{vmlinuz,initrd.img}*
mkdir "$root/boot/firmware"
find "$boot" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +

mib=$((1024 * 1024))
truncate -s $((192 * mib)) "$work/boot.part"
mkfs.vfat --invariant -F 32 -n KIOSK "$work/boot.part" > "$work/log"
# In the order of their names: a folder of this computer has none.
(cd "$boot" && find -- * -type d | sort) | while read -r folder; do mmd -i "$work/boot.part" "::$folder"; done
(cd "$boot" && find -- * -type f | sort) | while read -r file; do mcopy -i "$work/boot.part" -m "$boot/$file" "::$file"; done

mksquashfs "$root" "$work/root.part" -noappend -quiet -no-progress -comp zstd -Xcompression-level 15 -b 256K \
    -wildcards -e 'var/lib/dpkg/*' 'proc/*' 'sys/*' 'run/*' 'tmp/*' 'dev/*'

# Small, because it grows to the whole card at the first start; large enough for a pack before that.
truncate -s $((128 * mib)) "$work/data.part"
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
# One inode in 64 KiB: there are few files, and all of the card would get what this small one has.
mke2fs -q -t ext4 -T default -i 65536 -b 4096 -m 1 -L kiosk-data -U 6b696f73-6b2d-4d64-8174-610000000001 -J size=16 \
    -E hash_seed=6b696f73-6b2d-4d64-8174-610000000002,lazy_itable_init=0,lazy_journal_init=0,resize=64G "$work/data.part"

# --- The disk ---------------------------------------------------------------------------------------------------------------

root_mib=$((($(stat -c %s "$work/root.part") + mib - 1) / mib))
rm -f "$out"
truncate -s $(((1 + 192 + root_mib + 128 + 1) * mib)) "$out"
if [ $table = gpt ]; then
    sfdisk --quiet "$out" <<END
label: gpt
label-id: 6B696F73-6B2D-4469-936B-000000000000
start=1MiB, size=192MiB, type=uefi, name=boot, uuid=6B696F73-6B2D-4469-936B-000000000001
size=${root_mib}MiB, type=linux, name=root, uuid=6B696F73-6B2D-4469-936B-000000000002
size=128MiB, type=linux, name=data, uuid=6B696F73-6B2D-4469-936B-000000000003
END
else
    sfdisk --quiet "$out" <<END
label: dos
label-id: 0x6b696f73
start=1MiB, size=192MiB, type=c, bootable
size=${root_mib}MiB, type=83
size=128MiB, type=83
END
fi
place() { dd if="$work/$1.part" of="$out" bs=$mib seek="$2" conv=notrunc,sparse status=none; }
place boot 1
place root 193
place data $((193 + root_mib))
(cd "$(dirname "$out")" && sha256sum "$(basename "$out")" > "$(basename "$out").sha256")
echo "$out: $(($(stat -c %s "$out") / mib)) MiB, of which the root $root_mib MiB"
