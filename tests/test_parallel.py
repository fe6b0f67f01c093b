from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest

from tdmigrate.config import Settings
from tdmigrate.stages import parallel
from tdmigrate.stages.looked import Looked


class Untold:
    def __call__(self, done: int, total: int) -> None: ...

    def proving(self, done: int, total: int, model: str) -> None: ...


@pytest.mark.parametrize(("fails", "said"), [("at what is cancelled", ""), ("otherwise", "ValueError: told")])
def test_what_a_pool_s_thread_fails_at_after_ctrl_c(
    fails: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        if fails == "otherwise":
            raise ValueError("told")
        cancelled: Future[Looked] = Future()
        cancelled.cancel()
        cancelled.set_exception(OSError())

    def interrupted(*_: object) -> list[Looked]:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        raise KeyboardInterrupt

    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    monkeypatch.setattr(parallel, "_look_at_many", interrupted)
    with pytest.raises(KeyboardInterrupt):
        parallel.look_at_many([], Settings(), 2, Untold())
    err = capsys.readouterr().err
    assert (said in err) if said else (err == "")
    assert threading.excepthook is threading.__excepthook__
