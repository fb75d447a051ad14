#!/bin/sh
# Puts uv into .tools/uv unless a working one is on PATH; prints its path.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then command -v uv; exit 0; fi
uv=.tools/uv/bin/uv
if [ -x "$uv" ] && "$uv" --version >/dev/null 2>&1; then echo "$PWD/$uv"; exit 0; fi
say "Installing uv into .tools/uv" >&2
command -v python3 >/dev/null 2>&1 || give_up "Balie needs Python 3: install it (Debian: apt-get install python3 python3-venv)."
if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
  # Debian keeps venv in a package of its own.
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq python3-venv; } >&2 </dev/null
  else
    give_up "Balie needs Python's venv module: ask an administrator for 'apt-get install python3-venv'."
  fi
fi
rm -rf .tools/uv
python3 -m venv .tools/uv >&2
.tools/uv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt >&2 \
  || give_up "uv could not be installed from the Python package registry: is this machine allowed to reach it?"
echo "$PWD/$uv"
