"""Making a new cluster: initdb, the database `earnest`, a random password.

What was interrupted is begun again, in another directory, since an initdb whose starter was killed
may still be writing. What was finished is never made anew: `made` names it before it is `data`.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from earnest.store.embedded.errors import explained, of_program
from earnest.store.embedded.places import Place, give, missing, sync, write
from earnest.store.embedded.programs import USER, Programs
from earnest.store.embedded.settings import locale

CREATE_DATABASE = f"CREATE DATABASE {USER}\n"


def make(place: Place, programs: Programs, say: Callable[[str], None]) -> None:
    """Make the cluster unless it is there."""
    with explained(place.cluster):
        if not place.data.exists():
            made = place.cluster / "made"
            if not made.exists():
                say("Making a new PostgreSQL database.")
                write(made, _prepare(place, programs))
            prepared = place.cluster / made.read_text()
            if not prepared.exists():
                raise missing(place.data_dir, place.cluster)
            prepared.rename(place.data)
            sync(place.cluster)
        if place.account and place.data.stat().st_uid != place.account.uid:
            _adopt(place)


def _prepare(place: Place, programs: Programs) -> str:
    """Make a whole cluster beside where it will be; return its directory's name."""
    for unfinished in place.cluster.glob("data.*.unfinished"):
        shutil.rmtree(unfinished, ignore_errors=True)
    prepared = place.cluster / f"data.{secrets.token_hex(4)}.unfinished"
    for directory in (prepared, place.log):
        give(directory, place.account)
    write(place.password, secrets.token_urlsafe(32), place.account)
    initdb = [
        *("initdb", "-D", prepared.name, "-U", USER, f"--pwfile={place.password.name}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"),
        *locale(programs.major),
    ]
    # Without a server, so that nobody meets a cluster without its database.
    single = ["postgres", "--single", "-D", prepared.name, "-c", "exit_on_error=true", "postgres"]
    for arguments, text in ((initdb, ""), (single, CREATE_DATABASE)):
        done, said = programs.run(arguments, cwd=place.cluster, account=place.account, text=text)
        if not done:
            shutil.rmtree(prepared, ignore_errors=True)
            raise of_program(arguments[0], said, place.cluster)
    return prepared.name


def _adopt(place: Place) -> None:
    """Give the cluster to the user `earnest`, who had another number where it was made."""
    account = place.account
    assert account
    os.chown(place.cluster, -1, account.gid)
    for folder, folders, files in os.walk(place.cluster):
        for path in map(Path(folder).joinpath, [*folders, *files]):
            if path.is_relative_to(place.data) or path in {place.log, place.password}:
                os.chown(path, account.uid, account.gid, follow_symlinks=False)
