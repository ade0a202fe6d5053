"""What schemas do not see in OSCAL documents: names that lead nowhere, twice the same, or wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dutybound.risk.oscal_parts import OSCAL_VERSION, Json


class Trouble(NamedTuple):
    """What is wrong, and the path to it: the file, then the keys and places."""

    path: str
    says: str


def check(documents: Mapping[str, Json]) -> list[Trouble]:
    """The troubles of documents that go together, by file name; none if they agree.

    The documents have passed the schema: each is an object with one root.
    """
    troubles: list[Trouble] = []
    for name, document in documents.items():
        for kind, root in document.items():
            path = f"{name}/{kind}"
            troubles += _version(path, root)
            troubles += _repeated_numbers(path, root)
            troubles += _dangling_links(path, root)
            troubles += _dangling_people(path, root)
            troubles += _BY_KIND.get(kind, _nothing)(path, root, documents)
    return sorted(set(troubles))


def _nothing(_path: str, _root: Json, _documents: Mapping[str, Json]) -> list[Trouble]:
    return []


def _version(path: str, root: Json) -> Iterator[Trouble]:
    version = root["metadata"]["oscal-version"]
    if version != OSCAL_VERSION:
        yield Trouble(
            f"{path}/metadata/oscal-version", f"expected {OSCAL_VERSION}, got {version!r}"
        )


def _repeated_numbers(path: str, root: Json) -> Iterator[Trouble]:
    counts = Counter(value for _, key, value in _walk(path, root) if key == "uuid")
    for where, key, value in _walk(path, root):
        if key == "uuid" and counts[value] > 1:
            yield Trouble(where, f"{value} is used {counts[value]} times")


def _dangling_links(path: str, root: Json) -> Iterator[Trouble]:
    resources = {r["uuid"] for r in root.get("back-matter", {}).get("resources", ())}
    for where, key, value in _walk(path, root):
        if key == "href" and value.startswith("#") and value[1:] not in resources:
            yield Trouble(where, f"nothing in the back matter is {value[1:]}")


def _dangling_people(path: str, root: Json) -> Iterator[Trouble]:
    metadata = root["metadata"]
    parties = {party["uuid"] for party in metadata.get("parties", ())}
    roles = {role["id"] for role in metadata.get("roles", ())}
    for place, held in enumerate(metadata.get("responsible-parties", ())):
        where = f"{path}/metadata/responsible-parties/{place}"
        if held["role-id"] not in roles:
            yield Trouble(f"{where}/role-id", f"there is no role {held['role-id']}")
        for party in held["party-uuids"]:
            if party not in parties:
                yield Trouble(f"{where}/party-uuids", f"there is no party {party}")


def _catalog(path: str, root: Json, _documents: Mapping[str, Json]) -> Iterator[Trouble]:
    names = [(where, control["id"]) for where, control in _controls(path, root)]
    counts = Counter(name for _, name in names)
    for where, name in names:
        if counts[name] > 1:
            yield Trouble(f"{where}/id", f"{name} is used {counts[name]} times")
    groups = Counter(value for where, key, value in _walk(path, root) if _is_group_id(where, key))
    for name, count in groups.items():
        if count > 1 or name in counts:
            yield Trouble(f"{path}/groups", f"{name} is used more than once")


def _profile(path: str, root: Json, documents: Mapping[str, Json]) -> Iterator[Trouble]:
    selected = set()
    for place, imported in enumerate(root["imports"]):
        where = f"{path}/imports/{place}"
        there = _controls_of(imported["href"], documents)
        if there is None:
            yield Trouble(f"{where}/href", f"there is no {imported['href']}")
            continue
        wanted = _selected(imported)
        selected |= there if "include-all" in imported else set(wanted)
        for control in wanted:
            if control not in there:
                says = f"{imported['href']} has no control {control}"
                yield Trouble(f"{where}/include-controls", says)
    for place, alter in enumerate(root.get("modify", {}).get("alters", ())):
        if alter["control-id"] not in selected:
            says = f"{alter['control-id']} is changed, and not selected"
            yield Trouble(f"{path}/modify/alters/{place}/control-id", says)


def _plan(path: str, root: Json, documents: Mapping[str, Json]) -> Iterator[Trouble]:
    href = root["import-profile"]["href"]
    selected = _controls_of(href, documents)
    if selected is None:
        yield Trouble(f"{path}/import-profile/href", f"there is no {href}")
    components = {c["uuid"] for c in root["system-implementation"]["components"]}
    requirements = root["control-implementation"]["implemented-requirements"]
    counts = Counter(requirement["control-id"] for requirement in requirements)
    above = f"{path}/control-implementation/implemented-requirements"
    for place, requirement in enumerate(requirements):
        where, control = f"{above}/{place}", requirement["control-id"]
        if counts[control] > 1:
            yield Trouble(f"{where}/control-id", f"{control} is used {counts[control]} times")
        if selected is not None and control not in selected:
            yield Trouble(f"{where}/control-id", f"{href} does not select {control}")
        for behind in requirement.get("by-components", ()):
            if behind["component-uuid"] not in components:
                says = f"there is no component {behind['component-uuid']}"
                yield Trouble(f"{where}/by-components", says)
    for control in sorted((selected or set()) - counts.keys()):
        yield Trouble(above, f"nothing is said of {control}, which {href} selects")


def _milestones(path: str, root: Json, documents: Mapping[str, Json]) -> Iterator[Trouble]:
    href = root.get("import-ssp", {}).get("href")
    if href is not None and href not in documents:
        yield Trouble(f"{path}/import-ssp/href", f"there is no {href}")
    known = set().union(*(_controls_in_catalog(d) for d in documents.values()))
    risks = {risk["uuid"] for risk in root.get("risks", ())}
    for place, item in enumerate(root["poam-items"]):
        where = f"{path}/poam-items/{place}"
        named = [p["value"] for p in item.get("props", ()) if p["name"] == "control-id"]
        if not named:
            yield Trouble(where, f"{item['title']!r} names no control")
        for control in named:
            if control not in known:
                yield Trouble(where, f"no catalog has the control {control}")
        for related in item.get("related-risks", ()):
            if related["risk-uuid"] not in risks:
                yield Trouble(where, f"there is no risk {related['risk-uuid']}")


def _assessment_plan(path: str, root: Json, documents: Mapping[str, Json]) -> Iterator[Trouble]:
    href = root["import-ssp"]["href"]
    if href not in documents:
        yield Trouble(f"{path}/import-ssp/href", f"there is no {href}")
    yield from _reviewed(path, root, documents)


def _results(path: str, root: Json, documents: Mapping[str, Json]) -> Iterator[Trouble]:
    href = root["import-ap"]["href"]
    if href not in documents:
        yield Trouble(f"{path}/import-ap/href", f"there is no {href}")
    for place, result in enumerate(root["results"]):
        where = f"{path}/results/{place}"
        yield from _reviewed(where, result, documents)
        yield from _findings(where, result, documents)


def _findings(path: str, result: Json, documents: Mapping[str, Json]) -> Iterator[Trouble]:
    observed = {one["uuid"] for one in result.get("observations", ())}
    risks = {one["uuid"] for one in result.get("risks", ())}
    known = set().union(*(_controls_in_catalog(d) for d in documents.values()))
    for place, finding in enumerate(result.get("findings", ())):
        where = f"{path}/findings/{place}"
        target = finding["target"]["target-id"]
        if target.removesuffix("_smt") not in known:
            yield Trouble(f"{where}/target", f"no catalog has the statement {target}")
        for related in finding.get("related-observations", ()):
            if related["observation-uuid"] not in observed:
                yield Trouble(where, f"there is no observation {related['observation-uuid']}")
        for related in finding.get("related-risks", ()):
            if related["risk-uuid"] not in risks:
                yield Trouble(where, f"there is no risk {related['risk-uuid']}")


def _reviewed(path: str, root: Json, documents: Mapping[str, Json]) -> Iterator[Trouble]:
    known = set().union(*(_controls_in_catalog(d) for d in documents.values()))
    for chosen in root["reviewed-controls"]["control-selections"]:
        for control in (one["control-id"] for one in chosen.get("include-controls", ())):
            if control not in known:
                yield Trouble(f"{path}/reviewed-controls", f"no catalog has {control}")


_BY_KIND = {
    "assessment-plan": _assessment_plan,
    "assessment-results": _results,
    "catalog": _catalog,
    "profile": _profile,
    "system-security-plan": _plan,
    "plan-of-action-and-milestones": _milestones,
}


def _walk(path: str, value: object, key: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text in a document, with its path and the key it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(f"{path}/{name}", inner, name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _walk(f"{path}/{place}", inner, key)
    elif isinstance(value, str):
        yield path, key, value


def _is_group_id(where: str, key: str) -> bool:
    steps = where.split("/")
    return key == "id" and len(steps) > 2 and steps[-3] == "groups"


def _controls(path: str, holder: Json) -> Iterator[tuple[str, Json]]:
    """The controls of a catalog, a group or a control, however deep, each with its path."""
    for name in ("groups", "controls"):
        for place, inner in enumerate(holder.get(name, ())):
            where = f"{path}/{name}/{place}"
            if name == "controls":
                yield where, inner
            yield from _controls(where, inner)


def _controls_in_catalog(document: Json) -> set[str]:
    return {control["id"] for _, control in _controls("", document.get("catalog", {}))}


def _controls_of(href: str, documents: Mapping[str, Json]) -> set[str] | None:
    """What a catalog has or a profile selects; None where there is no such document."""
    document = documents.get(href)
    if document is None:
        return None
    if "profile" not in document:
        return _controls_in_catalog(document)
    selected: set[str] = set()
    for imported in document["profile"]["imports"]:
        all_of_it = _controls_of(imported["href"], documents) if "include-all" in imported else None
        selected |= all_of_it or set(_selected(imported))
    return selected


def _selected(imported: Json) -> Iterable[str]:
    return [
        control
        for chosen in imported.get("include-controls", ())
        for control in chosen.get("with-ids", ())
    ]
