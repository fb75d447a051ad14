#!/bin/sh
# Types and unit tests of the widget.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
PATH="$(tools/setup/node.sh):$PATH"; export PATH
cd web/widget
[ -d node_modules ] || npm ci --loglevel=error || give_up "The web packages could not be installed: is the npm registry reachable?"
exec env NO_COLOR=1 npm test --silent -- --reporter=dot
