"""Processes that read figures while this one writes. Results come in the order of the tasks, a few batches ahead."""

import gc
import marshal
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import TYPE_CHECKING, cast

from pfocr_db.errors import LoadError
from pfocr_db.load.rows import Outcome, Rows, Task, read_batch
from pfocr_db.source.tree import Files

if TYPE_CHECKING:
    from multiprocessing.context import DefaultContext

Batch = tuple[list[Task], list[Outcome], Rows]


class Readers:
    """With no processes, the figures are read right here."""

    def __init__(self, processes: int) -> None:
        self._workers = [_Worker() for _ in range(processes)]

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()

    def read(self, batches: Iterable[list[Task]], source: str, load_id: int) -> Iterator[Batch]:
        if not self._workers:
            yield from ((tasks, *read_batch(tasks, source, load_id)) for tasks in batches)
            return
        busy: deque[_Worker] = deque()
        idle = list(self._workers)
        for tasks in batches:
            finished = None
            if idle:
                worker = idle.pop()
            else:
                # It gets its next batch as soon as its last is taken, and reads while that one is written.
                worker = busy.popleft()
                finished = worker.result()
            worker.begin(tasks, source, load_id)
            busy.append(worker)
            if finished is not None:
                yield finished
        while busy:
            yield busy.popleft().result()


class _Worker:
    """One process, one pipe, one batch at a time: neither side can block the other."""

    def __init__(self) -> None:
        context = _context()
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, self._pipe), daemon=True)
        self._process.start()
        theirs.close()
        self._tasks: list[Task] = []

    def begin(self, tasks: list[Task], source: str, load_id: int) -> None:
        self._tasks = tasks
        try:
            self._pipe.send_bytes(
                marshal.dumps(([(*task[:-1], tuple(task.files)) for task in tasks], source, load_id))
            )
        except OSError:
            raise self._died() from None

    def result(self) -> Batch:
        try:
            # Rows are texts and numbers only, for which marshal takes a third of pickle's time.
            outcomes, rows = marshal.loads(self._pipe.recv_bytes())
        except (EOFError, OSError):
            raise self._died() from None
        return self._tasks, [Outcome(*outcome) for outcome in outcomes], rows

    def stop(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    def _died(self) -> LoadError:
        self._process.join(1)
        return LoadError(
            f"a reading process died (exit code {self._process.exitcode}) between {self._tasks[0].path}"
            f" and {self._tasks[-1].path}; try --jobs 1, and report the file that does it"
        )


def _context() -> "DefaultContext":
    """Forked where that is possible: no thread runs yet, and nothing has to be imported again."""
    methods = multiprocessing.get_all_start_methods()
    return cast("DefaultContext", multiprocessing.get_context("fork" if "fork" in methods else "spawn"))


def _work(pipe: Connection, parents_end: Connection) -> None:
    """The life of a worker. It ends when its parent does: the pipe then has no other end."""
    with suppress(OSError):
        parents_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # rows are texts and numbers: nothing refers back to itself, and looking for it takes time
    with suppress(EOFError, OSError):
        while True:
            plain, source, load_id = marshal.loads(pipe.recv_bytes())
            tasks = [
                Task(figid, number, change, digest, Files(*files)) for figid, number, change, digest, files in plain
            ]
            outcomes, rows = read_batch(tasks, source, load_id)
            pipe.send_bytes(marshal.dumps(([tuple(outcome) for outcome in outcomes], rows)))
