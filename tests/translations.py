"""What the public pages and letters say, and its Welsh: `python -m tests.translations` adds what is
new to the .po files, where somebody translates it, and compiles them."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import polib  # type: ignore[import-untyped]

TOP = Path(__file__).parents[1] / "src/dutybound_server"
APPS = ("public", "casework")
LANGUAGE = "cy"
PLAIN = {"_", "gettext", "gettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}

Message = tuple[str, str]
"""Its context, often empty, and the English."""


def messages_of(app: str) -> set[Message]:
    """Everything that the app says in a language of the reader's."""
    python = (one for path in (TOP / app).rglob("*.py") for one in _in_python(path))
    templates = (one for path in (TOP / app).rglob("*.html") for one in _in_template(path))
    return {*python, *templates}


def catalogue_of(app: str) -> polib.POFile:
    return polib.pofile(str(po_of(app)))


def po_of(app: str) -> Path:
    return TOP / app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def mo_of(app: str) -> Path:
    return po_of(app).with_suffix(".mo")


def _in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
        said = [text for text in texts if isinstance(text, str)]
        if node.func.id in PLAIN and len(said) == 1:
            yield "", said[0]
        elif node.func.id in WITH_CONTEXT and len(said) == 2:
            yield said[0], said[1]


def _in_template(path: Path) -> Iterator[Message]:
    from django.template import Engine
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    engine = Engine.get_default()
    nodes = engine.from_string(path.read_text()).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        assert isinstance(node, TranslateNode)
        yield "", str(node.filter_expression.var.literal)
    for block in nodes.get_nodes_by_type(BlockTranslateNode):
        assert isinstance(block, BlockTranslateNode)
        yield "", block.render_token_list(block.singular)[0]


def update() -> None:
    for app in APPS:
        catalogue = catalogue_of(app)
        known = {(entry.msgctxt or "", entry.msgid) for entry in catalogue}
        said = messages_of(app)
        for context, english in sorted(said - known):
            catalogue.append(polib.POEntry(msgctxt=context or None, msgid=english, msgstr=""))
        for entry in list(catalogue):
            if (entry.msgctxt or "", entry.msgid) not in said:
                catalogue.remove(entry)
        catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        catalogue.save()
        catalogue.save_as_mofile(str(mo_of(app)))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    update()
