#!/bin/sh
# npm run quickstart: from a clean checkout to a running 3-node cluster with an example. Safe to run again.
# Usage: npm run quickstart -- [--cluster NAME] [--prefix DIR]   (default: local, /usr/local)
set -eu
cd "$(dirname "$0")/.."

cluster=local
prefix=/usr/local
while [ $# -gt 0 ]; do
  case "$1 ${2:+value}" in
    "--cluster value") cluster=$2; shift 2 ;;
    "--prefix value") prefix=$2; shift 2 ;;
    *) echo "Quickstart knows --cluster NAME and --prefix DIR; $1 is neither, or lacks its value." >&2; exit 2 ;;
  esac
done
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac

step() { printf '\n\033[1m==> %s\033[0m\n' "$1"; }
[ -t 1 ] || step() { printf '\n==> %s\n' "$1"; }

if [ "$(uname -s)" != Linux ]; then echo "Orch runs containers on Linux; this is $(uname -s). Use a Linux machine or a virtual one." >&2; exit 1; fi
if [ "$(id -u)" -ne 0 ]; then echo "Quickstart needs root, for namespaces, mounts and packages: sudo npm run quickstart" >&2; exit 1; fi
if ! command -v apt-get >/dev/null 2>&1; then echo "Quickstart installs packages with apt-get, which this system lacks. See docs/install.md for doing it by hand." >&2; exit 1; fi

step "System packages"
sh deploy/setup/packages.sh run example
sh deploy/setup/dependencies.sh
PATH="$PWD/node_modules/.bin:$PATH"

step "Build and install orchctl"
node deploy/build.ts --install "$prefix/lib/orch"
mkdir -p "$prefix/bin"
for program in orchctl orch-control-plane orch-node-agent; do ln -sfn "$prefix/lib/orch/bin/$program" "$prefix/bin/$program"; done
orchctl() { "$prefix/bin/orchctl" --context "$cluster" "$@"; }

step "A local cluster of 3 nodes"
"$prefix/bin/orchctl" cluster up --name "$cluster" --nodes 3

step "The example image, made here and loaded: no registry is needed"
archive=$(mktemp --suffix=.tar)
trap 'rm -f "$archive"' EXIT
sh deploy/example-image.sh "$archive"
orchctl image load --input "$archive"

step "orchctl apply -f examples/"
orchctl apply -f examples/ --wait

step "orchctl scale deployment/hello --replicas 6"
orchctl scale deployment/hello --replicas 6 --wait
orchctl get pods -o wide --sort-by .spec.nodeName

step "An answer from a pod, through orchctl port-forward"
said=$(mktemp)
"$prefix/bin/orchctl" --context "$cluster" port-forward deployment/hello :8080 >"$said" &
forward=$!
trap 'kill "$forward" 2>/dev/null; rm -f "$archive" "$said"' EXIT
tries=0
until grep -q Forwarding "$said"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 120 ]; then echo "port-forward did not begin within 30 s; orchctl cluster status says how the cluster is." >&2; exit 1; fi
  sleep 0.25
done
cat "$said"
address=$(sed -n 's/^Forwarding from \([^ ]*\) .*/\1/p' "$said")
node -e 'fetch(process.argv[1]).then((answer) => answer.text()).then((text) => process.stdout.write(text))' "http://$address/"
kill "$forward"

cat <<'TEXT'

Orch is running. Try next:
  orchctl get pods -o wide                        what runs where
  orchctl scale deployment/hello --replicas 20    more of it
  orchctl logs deployment/hello -f                what it says
  orchctl exec deployment/hello -- hostname       a command inside
  orchctl cluster status                          how the cluster is
  orchctl cluster down                            stop it (add --purge to remove everything)
TEXT
