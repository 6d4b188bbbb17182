"""Checks of this machine: settings, directories, the disk, what root has forgotten."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from earnest.app import must_be_usable
from earnest.cli.doctor.findings import Finding, note, ok, skipped, wrong
from earnest.config import DEFAULT, SECRETS, ConfigError
from earnest.store import embedded
from earnest.store.embedded.programs import HOME

if TYPE_CHECKING:
    from pathlib import Path

    from earnest.config import Config, Gathered

#: What PostgreSQL may need for its journal alone before a checkpoint lets go of it.
FREE_BYTES_LEAST: Final = 1 << 30
FREE_FILES_LEAST: Final = 1000
_OTHERS: Final = 0o077


def settings(gathered: Gathered) -> Finding:
    """Whether everything that was set can be used."""
    problems = list(gathered.problems)
    if not problems:
        try:
            must_be_usable(gathered.config())
        except ConfigError as error:
            problems = [str(error)]
    if problems:
        means = "No command starts before it is mended."
        advice = "Mend it in the environment or the file. See what is in force: earnest config"
        return wrong("settings", "settings_invalid", f"{'; '.join(problems)}.", means, advice)
    if gathered.unknown:
        what = f"{', '.join(gathered.unknown)} in the environment is no setting."
        means = "It changes nothing, so something that was meant to be set is not."
        advice = "Correct its name, or unset it. The names: earnest config"
        return note("settings", "settings_unknown", what, means, advice)
    chosen = sum(each.source != DEFAULT for each in gathered.settings)
    return ok("settings", f"{chosen} chosen, the others as they are by default.")


def data_dir(config: Config) -> Finding:
    """Whether the data directory can be used, and by nobody else."""
    path, check = config.data_dir, "data directory"
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return skipped(check, f"{path} is not there yet; `earnest serve` makes it.")
    except OSError as error:
        means, advice = "No command can work in it.", f"Look at it: ls -ld '{path}'"
        return wrong(check, "not_a_directory", f"{path}: {error.strerror}.", means, advice)
    if not path.is_dir():
        advice = "Choose another one with --data-dir or EARNEST_DATA_DIR."
        return wrong(check, "not_a_directory", f"{path} is no directory.", "", advice)
    if not os.access(path, os.W_OK | os.X_OK):
        what = f"{path} cannot be written by who runs this (user {os.geteuid()})."
        means = "The database cannot be started, and nothing can be kept."
        advice = f"Give it to who runs Earnest: chown -R <user> '{path}'; or run this as that user."
        return wrong(check, "directory_not_writable", what, means, advice)
    # Root's own place is open on purpose: what is secret in it has a closed directory each.
    if mode & _OTHERS and path.resolve() != HOME:
        what = f"Others can look into {path} (mode {mode & 0o777:o})."
        means = "They see what is kept there, such as settings and the names of backups."
        return wrong(check, "directory_open", what, means, f"chmod 700 '{path}'")
    return ok(check, f"{path} is ours alone.")


def settings_file(gathered: Gathered) -> Finding | None:
    """Whether others can read a secret in the settings file."""
    file = gathered.file
    secret = [e for e in gathered.settings if e.name in SECRETS and e.source == str(file)]
    if not secret or not file.stat().st_mode & _OTHERS:
        return None
    what = f"{file} can be read by others, and holds {secret[0].name}."
    means = "Whoever has an account on this machine can read the password in it."
    return wrong("settings file", "settings_readable", what, means, f"chmod 600 '{file}'")


def disk(config: Config) -> Finding:
    """Whether there is room where things are kept."""
    places = [_existing(config.data_dir)]
    if not config.database_url:
        try:
            cluster = embedded.status(config.data_dir).cluster
        except embedded.EmbeddedError:
            cluster = None  # The check of the database says what is the matter.
        places += [cluster] if cluster else []
    for place in places:
        free, files = shutil.disk_usage(place).free, os.statvfs(place)
        means = "When it is full, no command is taken any more. What was answered is not lost."
        advice = f"Make room, or move to a larger disk: df -h '{place}'"
        if free < FREE_BYTES_LEAST:
            what = f"Only {free / 1_000_000:,.0f} MB are free on the disk of {place}."
            return wrong("disk", "disk_nearly_full", what, means, advice)
        if files.f_files and files.f_favail < FREE_FILES_LEAST:
            what = f"Only {files.f_favail} more files fit on the disk of {place}."
            return wrong("disk", "disk_nearly_full", what, means, advice.replace("-h", "-i"))
    free = min(shutil.disk_usage(place).free for place in places)
    return ok("disk", f"{free / 1_000_000_000:,.0f} GB are free.")


def _existing(path: Path) -> Path:
    """The directory, or the nearest one above it that there is."""
    return next(each for each in (path, *path.parents) if each.exists())


def forgotten() -> Finding | None:
    """Databases of root's whose data directories are gone."""
    if os.geteuid() != 0:
        return None
    found = embedded.forgotten()
    if not found:
        return ok("forgotten clusters", "Every database has its data directory.")
    names = ", ".join(str(each) for each in found[:3]) + (", …" if len(found) > 3 else "")  # noqa: PLR2004
    return note(
        "forgotten clusters",
        "clusters_forgotten",
        f"The data directories of {len(found)} databases are gone: {names}.",
        "They take room. If a directory was removed by mistake, its books are still there.",
        "Whose it was stands in its file `origin`. If nobody misses it: rm -r <the directory>.",
    )
