#!/bin/sh
# npm test: sets this machine up, builds, and runs every test. The last line is "N passed, N failed".
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup/packages.sh run test peer
sh deploy/setup/dependencies.sh
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec node test/run.ts "$@"
