#!/bin/sh
# Builds the web assets into balie/gateway/static.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
PATH="$(tools/setup/node.sh):$PATH"; export PATH
for part in widget desk; do
  say "Web assets (web/$part)"
  cd "web/$part"
  npm ci --no-audit --no-fund --loglevel=error || give_up "The web packages could not be installed: is the npm registry reachable?"
  npm run --silent build
  cd ../..
done
