#!/bin/sh
# Makes sure that the storage tests have PostgreSQL's server programs; without them (and without root) they skip and say so.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
if command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "Installing PostgreSQL's server programs (apt-get install postgresql)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; } >/dev/null </dev/null
fi
