#!/bin/sh
# Installs the npm packages of this checkout exactly as locked, once per lock file. Brings the Node that Orch runs on.
set -eu
cd "$(dirname "$0")/../.."
if ! command -v npm >/dev/null 2>&1; then
  echo "Orch needs Node.js 18 or newer with npm to start. On Debian: apt-get install nodejs npm" >&2
  exit 1
fi
stamp=node_modules/.orch-lock
if [ -x node_modules/.bin/node ] && [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then exit 0; fi
echo "Installing npm packages (one or two minutes the first time)"
log=$(mktemp)
if ! npm ci --ignore-scripts --no-audit --no-fund >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "npm ci failed; the full output is in $log." >&2
  exit 1
fi
rm -f "$log"
if [ ! -x node_modules/.bin/node ]; then
  echo "No Node.js build for this machine ($(uname -sm)) among the locked packages. Orch runs on Linux x86_64 and aarch64." >&2
  exit 1
fi
cp package-lock.json "$stamp"
