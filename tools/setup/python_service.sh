#!/bin/sh
# Prints a Python for the service: this machine's python3 when it is 3.11 or newer, else "3.12" (uv fetches one).
set -eu
if python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; then
  python3 -c 'import sys; print(sys.executable)'
else
  echo 3.12
fi
