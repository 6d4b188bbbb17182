"""The scene of what can be taken back, as `scenes.py` has those of everything else."""

from __future__ import annotations

from tests.browser.scenes import Scene, scene
from tests.browser.site import Site
from tests.http.house import CLOCKED, usd

from earnest.core.people import Party


@scene("release.recall")
async def recalling(site: Site, _: Party) -> Scene:
    deal = await site.agreed("100.00", terms=CLOCKED)
    await deal.employer.done(f"/v1{deal.milestone}/release", {"amount": usd("40.00")})
    (release,) = (await deal.employer.seen("/v1/releases"))["items"]
    at = f"/releases/{release['id']}"
    return Scene(
        deal.employer, at, f"Take USD 40.00 back from {deal.freelancer.name}",
        then={f"/v1{at}": {"status": "recalled"}, f"/v1{deal.milestone}": {"held": usd("100.00")}},
        wallets=[(deal.freelancer, "0.00")],
    )  # fmt: skip
