#!/bin/sh
# Makes the example image orch-example/hello:1 as a docker-archive, on the spot, from Debian's busybox-static. No network.
# Usage: example-image.sh OUTPUT.tar
set -eu
output=$1
busybox=$(command -v busybox) || { echo "busybox is missing: sh deploy/setup/packages.sh test" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/bin" "$work/root/tmp" "$work/root/etc" "$work/image"
cp "$busybox" "$work/root/bin/busybox"
for name in sh httpd cat ls cp echo sleep wget nc hostname id ps env true false date grep head tail mkdir rm touch vi top stty kill wc sed test "["; do
  ln -s busybox "$work/root/bin/$name"
done
chmod 1777 "$work/root/tmp"
echo 'root:x:0:0:root:/:/bin/sh' >"$work/root/etc/passwd"
echo 'root:x:0:' >"$work/root/etc/group"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work/root" -cf "$work/image/layer.tar" .
diff_id=$(sha256sum "$work/image/layer.tar" | cut -d' ' -f1)
case "$(uname -m)" in aarch64) architecture=arm64 ;; *) architecture=amd64 ;; esac
cat >"$work/image/config.json" <<JSON
{"architecture":"$architecture","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:$diff_id"]},"history":[{"created_by":"deploy/example-image.sh"}]}
JSON
echo '[{"Config":"config.json","RepoTags":["orch-example/hello:1"],"Layers":["layer.tar"]}]' >"$work/image/manifest.json"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work/image" -cf "$output" manifest.json config.json layer.tar
