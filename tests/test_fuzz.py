"""However a case file is spoilt, its faults are said or it is composed: nothing breaks, hangs or reads outside."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Desk
from .fuzzing import Bench
from .mutations import spoilt

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer of processor time")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench(Desk(tmp_path_factory.mktemp("fuzz") / "project", "well-kept"), "quay/case.md", seconds=10)
    assert bench.wrong(bench.good) == ""
    assert bench.composed == 1
    return bench


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_a_spoilt_case_is_said_to_be_so_or_composed(bench: Bench, seed: int) -> None:
    assert bench.wrong(spoilt(seed, bench.good)) == ""


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_any_bytes_at_all_are_taken(bench: Bench, content: bytes, seed: int) -> None:
    at = seed % len(bench.good)
    assert bench.wrong(bench.good[:at] + content + bench.good[at:]) == ""


def test_the_bench_hears_what_it_listens_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_take", lambda: Path("/etc/hostname").read_bytes())
    assert "opened outside" in bench.wrong(bench.good)
    monkeypatch.setattr(bench, "_take", lambda: dict[str, str]()["key"])
    assert "KeyError" in bench.wrong(bench.good)
