"""The files that people of a story have at hand: on a page one comes with what it goes with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx
from tests.http.house import Person, code_of
from tests.scenarios.story import Asked, Heard
from tests.web.browser import Browser
from tests.web.reading import Form


@dataclass
class AtHand:
    """A file on somebody's own disk, until it is put here."""

    who: str
    name: str
    content: str
    reference: str = ""


@dataclass
class Drawer:
    """All of them, by what the story calls them."""

    people: Mapping[str, Person]
    files: dict[str, AtHand] = field(default_factory=dict)

    async def laid(self, asked: Asked) -> Heard:
        """Somebody has a file. Only a program says under which key it is put here."""
        found = AtHand(asked.who, **asked.fields)
        if asked.key is not None:
            somebody, raw = self.people[asked.who], found.content.encode()
            answer = await somebody.put(found.name, raw, key=asked.key)
            if code_of(answer) != "ok":
                return Heard(code_of(answer))
            found.reference = answer.json()["id"]
        place = found.reference or f"{asked.who}'s {found.name}"
        self.files.setdefault(place, found)
        return Heard("ok", (("file", place),))

    def can_be_ticked(self, asked: Asked) -> bool:
        """No form has a file twice."""
        files = asked.fields.get("files", ())
        return len({*files}) == len(files)

    async def known(self, asked: Asked) -> Asked:
        """The same with the references of files that are here."""
        if "files" not in asked.fields:
            return asked
        files = [await self._reference(each) for each in asked.fields["files"]]
        return replace(asked, fields={**asked.fields, "files": files})

    async def _reference(self, place: str) -> str:
        file = self.files[place]
        if not file.reference:
            put = await self.people[file.who].file(file.name, file.content.encode())
            file.reference = put["id"]
        return file.reference

    async def sent(
        self, asked: Asked, form: Form, typed: Mapping[str, str], browser: Browser
    ) -> httpx.Response:
        """Tick what is here already, choose what is not, and send the form."""
        values = {**form.values, **typed}
        if "files" in asked.fields or asked.action == "bid.edit":  # All that it is to have.
            values = {n: text for n, text in values.items() if not n.startswith("files.")}
        chosen = []
        alone = [asked.fields["file"]] if "file" in asked.fields else []
        for each in asked.fields.get("files", alone):
            file = self.files[each]
            if file.who == asked.who and not file.reference:
                chosen.append(file)
            elif alone:
                values["file"] = await self._reference(each)
            else:
                values[f"files.{await self._reference(each)}"] = "1"
        if not chosen:
            return await browser.post(form.action, values)
        answer = await browser.upload(
            form.action, values, *((each.name, each.content.encode()) for each in chosen)
        )
        here = (await self.people[asked.who].seen("/v1/files"))["items"]
        for file in chosen:
            file.reference = next(each["id"] for each in here if each["name"] == file.name)
        return answer
