#!/bin/sh
# Makes sure that the browser tests have a Chromium: an installed one, else Debian's (as root), else Playwright's own.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "Installing Chromium (apt-get install chromium)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null </dev/null && exit 0
fi
say "Installing Playwright's own Chromium"
.venv/bin/playwright install chromium \
  || give_up "The browser tests need Chromium: ask an administrator for 'apt-get install chromium'."
