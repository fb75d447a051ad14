#!/bin/sh
# Types and unit tests of the widget and the desk.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
PATH="$(tools/setup/node.sh):$PATH"; export PATH
for part in widget desk; do
  cd "web/$part"
  [ -d node_modules ] || npm ci --loglevel=error || give_up "The web packages could not be installed: is the npm registry reachable?"
  NO_COLOR=1 npm test --silent -- --reporter=dot
  cd ../..
done
