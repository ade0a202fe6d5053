"""Keys that do not fit the database stop the start, before anything is written under them."""

import pytest
from django.conf import LazySettings

from dutybound_server.lib.sealed import KEY_BYTES, Key
from dutybound_server.project.commands.serve import refuse_other_keys
from tests import make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_keys_of_the_database_are_taken(cast: Cast) -> None:
    make.taken(cast.ridge, text="a walk along the ridge")

    refuse_other_keys()


def test_other_keys_are_refused_with_what_to_do(
    cast: Cast, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    make.taken(cast.ridge, text="a walk along the ridge")
    settings.CONTENT_KEYS = (Key(bytes(KEY_BYTES)),)

    with pytest.raises(SystemExit) as refused:
        refuse_other_keys()

    assert refused.value.code == 2
    assert "Put the keys folder back" in capsys.readouterr().err
