#!/bin/sh
# {what} PYTHON=/path/to/python chooses the Python.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for python in ${{PYTHON:+"$PYTHON"}} {pythons} python3 python; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] not in "{pythons}".replace("python", "").split())' 2>/dev/null || continue
    exec "$python" -I "$here/installer.py" {step} "$@"
done
echo "No Python of the versions that this kit is for was found ({pythons}). Nothing was changed. Install one, or name it: PYTHON=/path/to/python sh {step}.sh" >&2
exit 1
