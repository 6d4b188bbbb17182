"""The check of the key that opens what is sealed: it is there, ours alone, and the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.cli.doctor.findings import Finding, ok, wrong
from earnest.http.signin import sealing
from earnest.http.signin.proofs import about
from earnest.store import factors

if TYPE_CHECKING:
    from earnest.config import Config
    from earnest.store.db import Database

CHECK: Final = "key"
#: So many of the newest are tried: each was sealed with the key of its day.
TRIED: Final = 100
_OTHERS: Final = 0o077
_MEANS: Final = (
    "Codes of apps count no more; whoever has one signs in with a passkey or a recovery code."
)
_BACK: Final = (
    "Put the key from before back, which is kept beside the backups. If it is lost:"
    " earnest user forget-factors, for each who asks."
)


async def key(config: Config, database: Database) -> Finding:
    """Whether what people's apps make codes of can be opened."""
    found = await factors.sealed(database, TRIED)
    path = config.data_dir / sealing.FILE
    where = "EARNEST_SECRET_KEY" if config.secret_key is not None else str(path)
    if config.secret_key is None:
        wrong_file = _file(config, has_sealed=bool(found))
        if wrong_file is not None:
            return wrong_file
        if not path.exists():
            return ok(CHECK, f"{path} is made when the first app for codes is set up.")
    shut = sum(sealing.opened(config, raw, about(user)) is None for user, raw in found)
    if shut:
        what = f"{where} does not open {shut} of the {len(found)} newest apps for codes."
        return wrong(CHECK, "secret_key_other", what, _MEANS, _BACK)
    return ok(CHECK, f"{where} opens what is sealed.")


def _file(config: Config, *, has_sealed: bool) -> Finding | None:
    """What is wrong with the file itself."""
    path = config.data_dir / sealing.FILE
    try:
        mode = path.stat().st_mode
        path.read_bytes()
    except FileNotFoundError:
        if not has_sealed:
            return None
        what = f"{path} is not there, and apps for codes were sealed with it."
        return wrong(CHECK, "secret_key_missing", what, _MEANS, _BACK)
    except OSError as error:
        advice = f"Let who runs Earnest read it, and nobody else: ls -l '{path}'"
        return wrong(CHECK, "secret_key_unreadable", f"{path}: {error.strerror}.", _MEANS, advice)
    if mode & _OTHERS:
        what = f"{path} can be read by others (mode {mode & 0o777:o})."
        means = "With it and a copy of the database they make the codes of everybody's apps."
        return wrong(CHECK, "secret_key_open", what, means, f"chmod 600 '{path}'")
    return None
