# Sourced by the other scripts: one way to speak, one way to give up.
say() { printf '\033[1m· %s\033[0m\n' "$*"; }
give_up() { printf '%s\n' "$*" >&2; exit 1; }
