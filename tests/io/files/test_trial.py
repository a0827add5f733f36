"""Files whose library crashes or does not end are refused; what it raises is left to the caller."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable

import pytest

from scenred import InputError
from scenred.io.files.trial import check_by_trial

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs copies of the process")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the threads of a parallel test run for none."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def never_ends() -> None:
    all(itertools.repeat(1))  # in C: no handler of Python is called


def writes_and_aborts() -> None:
    os.write(2, b"terminate called\n")
    os.abort()


@pytest.mark.parametrize(
    ("decode", "message"),
    [(writes_and_aborts, "crashes the library that reads it"), (never_ends, "does not end within 1 s")],
)
def test_crashes_and_loops_are_refused(
    decode: Callable[[], None], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=f"a.nc: is damaged: decoding it {message}; fetch the file again"):
        check_by_trial(decode, "a.nc", 1)

    assert capfd.readouterr() == ("", "")


def test_what_is_raised_or_done_stays_in_the_copy() -> None:
    done: list[int] = []

    check_by_trial(lambda: done.append(1), "a.nc")
    check_by_trial(lambda: 1 / 0, "a.nc")

    assert not done


def test_no_copy_is_made_next_to_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)

    check_by_trial(os.abort, "a.nc")
