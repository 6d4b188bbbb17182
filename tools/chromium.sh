#!/bin/sh
# Install Debian's Chromium for the browser tests, if it is missing and if we may. Whoever may not
# is told so: the tests then skip, and say why. In CI (CI=true) a missing one is a failure there.
set -u
command -v "${CHROME_PATH:-chromium}" >/dev/null 2>&1 && exit 0
command -v chromium-browser >/dev/null 2>&1 && exit 0

say() { printf '%s\n' "chromium: $*" >&2; }

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
    sudo -n true 2>/dev/null || as_root=no
fi
if [ "$as_root" = no ] || ! command -v apt-get >/dev/null 2>&1; then
    say "there is none, so the browser tests are skipped. On Debian and Ubuntu: apt install chromium fonts-liberation"
    exit 0
fi
say "installing Debian's chromium for the browser tests"
{ $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } >/dev/null 2>&1 ||
    say "it could not be installed, so the browser tests are skipped"
