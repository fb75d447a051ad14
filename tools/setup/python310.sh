#!/bin/sh
# Prints a Python 3.10 for the Rasa half: one on PATH that runs, else pyenv's, else "3.10" (uv fetches one).
set -eu
runs() { [ -n "$1" ] && "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }
found=$(command -v python3.10 2>/dev/null || true)
if runs "$found"; then echo "$found"; exit 0; fi
# pyenv's shim only works for versions named in PYENV_VERSION; ask pyenv where each one lies instead.
if command -v pyenv >/dev/null 2>&1; then
  for version in $(pyenv versions --bare 2>/dev/null | grep '^3\.10\.' | sort -rV); do
    found="$(PYENV_VERSION=$version pyenv prefix 2>/dev/null || true)/bin/python"
    if runs "$found"; then echo "$found"; exit 0; fi
  done
fi
echo 3.10
