#!/bin/sh
# Installs the system packages Orch needs, on Debian and Ubuntu. Safe to run again: does nothing when all are there.
# libatomic1 is what Node itself needs and a small system may lack.
# Usage: packages.sh [run] [example] [test] [peer] [kubectl]
#   run: what a cluster needs · example: what quickstart builds its image from · test: what the tests need besides ·
#   peer, kubectl: programs that benchmarks compare with
set -eu

run="etcd-server crun runc conmon nftables iproute2 util-linux procps socat tini catatonit libisal2 libatomic1"
tests="etcd-client docker-registry skopeo umoci debootstrap busybox-static openssl ca-certificates tmux erofs-utils containerd docker.io buildah podman systemd zsh fish"
example="busybox-static"
peer="docker.io"
kubectl="kubernetes-client"

wanted=""
for group in "${@:-run}"; do
  case "$group" in
    run) wanted="$wanted $run" ;;
    test) wanted="$wanted $tests" ;;
    example) wanted="$wanted $example" ;;
    peer) wanted="$wanted $peer" ;;
    kubectl) wanted="$wanted $kubectl" ;;
    *) echo "packages.sh: unknown group '$group'; use run, example, test, peer or kubectl" >&2; exit 2 ;;
  esac
done

missing=""
for package in $wanted; do
  case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)" in
    "install ok installed") ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "Orch needs these packages:$missing. Run this as root (sudo), or install them yourself." >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Orch needs these packages:$missing. There is no apt-get here; install them with your system's package tool." >&2
  exit 1
fi

# Packages must not start or enable services of their own: Orch runs its own etcd, and nobody asked for a registry.
guard=/usr/sbin/policy-rc.d
made_guard=no
if [ ! -e "$guard" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$guard"
  chmod 755 "$guard"
  made_guard=yes
fi
cleanup() { [ "$made_guard" = no ] || rm -f "$guard"; }
trap cleanup EXIT INT TERM

echo "Installing:$missing"
log=$(mktemp)
if ! { DEBIAN_FRONTEND=noninteractive apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "apt-get could not install:$missing. The full output is in $log." >&2
  exit 1
fi
rm -f "$log"

if command -v systemctl >/dev/null 2>&1; then
  for service in etcd docker-registry docker containerd; do
    case " $missing " in
      *" etcd-server "*|*" docker-registry "*|*" docker.io "*) systemctl disable --quiet "$service" >/dev/null 2>&1 || true ;;
    esac
  done
fi
