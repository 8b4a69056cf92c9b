"""A transfer that stopped goes on where it was, and never mixes two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.downloads import Download, RemoteFile
from engine.progress import Cancelled
from tests.engine.downloads.made_files import OTHER, WHOLE, begun, left, md5, remote, run
from tests.engine.downloads.stub import Stub, content, silence, status
from tests.engine.sources.vector_files import Watcher

pytestmark = pytest.mark.usefixtures("impatient")


class TestGoingOn:
    """Resuming: no byte twice, and no mixture of two files."""

    def test_only_the_rest_is_asked_for(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE)]
        file = remote(stub, target)
        begun(file)
        assert Download("x", (file,), target.parent).size == 600_000
        run(file)
        assert target.read_bytes() == WHOLE
        (question,) = stub.questions
        assert (question.range, question.if_range) == ("bytes=400000-", '"v1"')

    @pytest.mark.parametrize("validator", ['"v1"', "Wed, 25 Nov 2026 12:00:00 GMT", 'W/"weak"', None])
    def test_a_cut_connection_is_taken_up_where_it_broke(self, stub: Stub, target: Path, validator: str | None) -> None:
        stub.answers["/file"] = [content(WHOLE, validator, cut=300_000), content(WHOLE, validator, cut=200_000)]
        stub.answers["/file"].append(content(WHOLE, validator))
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == [None, "bytes=300000-", "bytes=500000-"]
        sure = validator if validator and not validator.startswith("W/") else None
        assert [question.if_range for question in stub.questions] == [None, sure, sure]

    def test_a_bad_line_that_always_brings_a_little_more(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=110_000)]
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE
        assert len(stub.questions) == 10

    def test_a_stalled_connection_is_taken_up_too(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=300_000, stall=True), silence, content(WHOLE)]
        watcher = Watcher()
        run(remote(stub, target), watcher)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == [None, "bytes=300000-", "bytes=300000-"]
        assert any("does not answer; trying vectors.gz again" in message for message, _ in watcher.steps)

    def test_a_changed_file_starts_anew(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file, OTHER[:400_000], '"v0"')
        stub.answers["/file"] = [content(WHOLE, '"v1"')]
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == ["bytes=400000-"]

    def test_another_checksum_in_the_catalogue_starts_anew(self, stub: Stub, target: Path) -> None:
        begun(RemoteFile(stub.url(), target, len(OTHER), md5(OTHER), "x"), OTHER[:400_000])
        stub.answers["/file"] = [content(WHOLE)]
        run(remote(stub, target))
        assert (target.read_bytes(), stub.ranges(), left()) == (WHOLE, [None], [])

    def test_a_server_that_cannot_resume_starts_anew(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file)
        stub.answers["/file"] = [content(WHOLE, resumes=False, cut=500_000), content(WHOLE, resumes=False)]
        run(file)
        assert target.read_bytes() == WHOLE

    def test_a_mixture_is_found_out_and_fetched_again(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file, OTHER[:400_000])
        stub.answers["/file"] = [content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == ["bytes=400000-", None]

    @pytest.mark.parametrize("data", [WHOLE, OTHER, WHOLE + b"more"], ids=["right", "wrong", "longer"])
    @pytest.mark.parametrize("size", [len(WHOLE), None])
    def test_a_partial_file_of_the_whole_size(self, stub: Stub, target: Path, data: bytes, size: int | None) -> None:
        file = remote(stub, target, size)
        begun(file, data)
        stub.answers["/file"] = [content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE

    def test_another_part_than_asked_for(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file)
        stub.answers["/file"] = [content(WHOLE, shift=7), content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == ["bytes=400000-", None]

    def test_a_busy_server_is_asked_again(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [status(429, Retry_After="0"), status(500), status(503), content(WHOLE)]
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE

    def test_a_cancelled_transfer_goes_on_the_next_time(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=300_000), content(WHOLE)]
        file = remote(stub, target)
        with pytest.raises(Cancelled):
            run(file, Watcher("127.0.0.1", Cancelled))  # where it says that it tries again
        assert not target.exists()
        assert file.received == 300_000
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == [None, "bytes=300000-"]
