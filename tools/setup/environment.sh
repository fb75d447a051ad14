#!/bin/sh
# usage: environment.sh rasa|service|dev   Makes the environment match its pinned requirements.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/say.sh
uv=$(tools/setup/uv.sh)
install() { # folder, python, then requirement files
  folder=$1; python=$2; shift 2
  [ -x "$folder/bin/python" ] || "$uv" venv -q --python "$python" "$folder" \
    || give_up "Python for $folder was not found and could not be fetched: install Python ${python##*/}."
  files=; for file in "$@"; do files="$files -r $file"; done
  "$uv" pip install -q --compile-bytecode --python "$folder/bin/python" --require-hashes $files \
    || give_up "The packages of $folder could not be installed: is the Python package registry reachable?"
}
case $1 in
  rasa)
    say "Rasa environment (.venv-rasa, Python 3.10; about half a minute)"
    install .venv-rasa "$(tools/setup/python310.sh)" requirements/rasa.txt ;;
  service)
    say "Service environment (.venv)"
    install .venv "$(tools/setup/python_service.sh)" requirements/service.txt
    "$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation --editable . ;;
  dev)
    say "Test tools (in .venv)"
    install .venv "$(tools/setup/python_service.sh)" requirements/service.txt requirements/dev.txt ;;
esac
