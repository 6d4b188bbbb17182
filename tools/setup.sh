#!/bin/sh
# Build .venv from requirements-dev.txt, by hash. Nothing happens, and nothing is asked of the
# network, while .venv/stamp says that the lock is the one it was built from.
# uv does it in two seconds and, once it has done it, without a network; where uv cannot reach
# what pip can (a mirror named only in pip's settings), pip does it.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { printf '%s\n' "setup: $*" >&2; }

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

version() { "$1" -c 'import sys; print(sys.version)' 2>/dev/null || true; }

# What .venv depends on: the lock, the project's own entry (not the settings of its tools), where it stands.
stamp() { { cat requirements-dev.txt; sed '/^\[tool\./,$d' pyproject.toml; printf '%s' "$here"; } | cksum; }

find_python() {
    without_venv=
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        usable "$python" || continue
        "$python" -c 'import ensurepip, venv' 2>/dev/null && return
        without_venv=$python
    done
    if [ -n "$without_venv" ]; then
        say "$without_venv has no venv. On Debian and Ubuntu: apt install python3-venv"
    else
        say "no Python of 3.11 or newer${PYTHON:+ at $PYTHON}. On Debian and Ubuntu: apt install python3 python3-venv"
    fi
    exit 2
}

# A .venv is kept and brought up to date if it works, was made here, and by the chosen Python.
make_venv() {
    if usable .venv/bin/python && grep -qF "$here/.venv" .venv/bin/activate &&
        .venv/bin/python -m pip --version >/dev/null 2>&1 &&
        { [ -z "${PYTHON:-}" ] || [ "$(version "$PYTHON")" = "$(version .venv/bin/python)" ]; }; then
        return
    fi
    find_python
    say "making .venv with $python ($("$python" -V))"
    "$python" -m venv --clear .venv
}

# uv itself comes by hash too: its lines of the lock, installed by pip.
get_uv() {
    .venv/bin/uv --version >/dev/null 2>&1 && return
    say "getting uv"
    awk '/^[a-z]/ { mine = /^uv==/ } mine' requirements-dev.txt >.venv/uv.txt
    .venv/bin/python -m pip install --quiet --require-hashes -r .venv/uv.txt
}

# With the system's certificates, as pip does where a house has its own.
uv_sync() {
    .venv/bin/uv pip sync --system-certs --python .venv/bin/python --require-hashes "$@" requirements-dev.txt
}

install_packages() {
    if get_uv; then
        uv_sync --offline --quiet 2>/dev/null && return
        say "downloading the packages"
        uv_sync && return
        say "uv could not; trying pip"
    fi
    .venv/bin/python -m pip install --require-hashes -r requirements-dev.txt
}

new=$(stamp)
if [ -x .venv/bin/python ] && [ "$new" = "$(cat .venv/stamp 2>/dev/null)" ] &&
    { [ -z "${PYTHON:-}" ] || [ "$(version "$PYTHON")" = "$(version .venv/bin/python)" ]; }; then
    exit 0
fi
make_venv
say "installing what requirements-dev.txt lists"
rm -f .venv/stamp
install_packages
.venv/bin/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
printf '%s\n' "$new" >.venv/stamp
say "done: .venv/bin/earnest"
