"""What to do when the cluster was made by another major version of PostgreSQL."""

from __future__ import annotations

import shlex

from earnest.store.embedded.errors import EmbeddedError
from earnest.store.embedded.places import Place, sockets
from earnest.store.embedded.programs import USER, Programs
from earnest.store.embedded.settings import locale

#: Run in data.new, because pg_upgrade must be able to write where it stands.
STEPS = """\
cd {new} && export PGPASSWORD="$(cat ../password)" \
&& {bin}/initdb -D . -U {user} --pwfile=../password --auth=scram-sha-256 --encoding=UTF8 \
--data-checksums {locale} \
&& {bin}/pg_upgrade -b "$OLD" -B {bin} -d ../data -D . -s {sockets} -U {user}"""


def other_major_version(place: Place, programs: Programs, found: str) -> EmbeddedError:
    """Say with which commands the data moves to the version that is here."""
    message = (
        f"{place.data} is of PostgreSQL {found}; the programs in {programs.bin} are of"
        f" {programs.version}."
    )
    keep = f"To go on with {found}, set EARNEST_POSTGRES to a directory of PostgreSQL {found}."
    if not found.isdigit() or int(found) > programs.major:
        return EmbeddedError("other_major_version", message, keep)
    return EmbeddedError(
        "other_major_version",
        message,
        f"{keep}\nTo upgrade, with no Earnest running and a backup made, set OLD to the bin"
        f" directory of PostgreSQL {found} and run:\n{_commands(place, programs, int(found))}",
    )


def _commands(place: Place, programs: Programs, found: int) -> str:
    cluster = shlex.quote(str(place.cluster))
    steps = STEPS.format(
        new=shlex.quote(str(place.cluster / "data.new")),
        bin=shlex.quote(str(programs.bin)),
        sockets=sockets(place),
        user=USER,
        locale=" ".join(locale(found)),
    )
    make = f"mkdir -m 700 {cluster}/data.new"
    if place.account:
        user, group = place.account.uid, place.account.gid
        make += f" && chown {user}:{group} {cluster}/data.new"
        steps = (
            f"OLD=$OLD setpriv --reuid={user} --regid={group} --clear-groups"
            f" sh -ec {shlex.quote(steps)}"
        )
    swap = f"mv {cluster}/data {cluster}/data.{found} && mv {cluster}/data.new {cluster}/data"
    return f"{make} &&\n{steps} &&\n{swap}"
