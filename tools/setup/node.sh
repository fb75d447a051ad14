#!/bin/sh
# Prints the folder with a node (20.19, 22.12 or newer) and npm: this machine's, else the one in .tools/node.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
new_enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' >/dev/null 2>&1; }
found=$(command -v node 2>/dev/null || true)
if [ -n "$found" ] && command -v npm >/dev/null 2>&1 && new_enough "$found"; then dirname "$found"; exit 0; fi
if ! { [ -x .tools/node/bin/node ] && new_enough .tools/node/bin/node; }; then
  say "Installing Node into .tools/node" >&2
  uv=$(tools/setup/uv.sh)
  rm -rf .tools/node
  "$uv" venv -q --python "$(tools/setup/python_service.sh)" .tools/node >&2
  "$uv" pip install -q --python .tools/node/bin/python --require-hashes -r requirements/node.txt >&2 \
    || give_up "Node could not be installed: install Node 20 or newer (Debian: apt-get install nodejs npm)."
fi
echo "$PWD/.tools/node/bin"
