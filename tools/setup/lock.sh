#!/bin/sh
# Pins requirements/*.in into requirements/*.txt; no index address ends up in them.
set -eu
cd "$(dirname "$0")/../.."
uv=$(tools/setup/uv.sh)
pin() { # name, python version, then further options
  name=$1; python=$2; shift 2
  "$uv" pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version "$python" "$@" \
    "requirements/$name.in" -o "requirements/$name.txt"
}
pin uv 3.9 --universal
pin node 3.9 --universal
pin rasa 3.10
pin service 3.11 --universal
pin dev 3.11 --universal
