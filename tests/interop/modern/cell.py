"""One thing that is tried, with its figures and the limits it missed."""
from dataclasses import dataclass, field
from typing import Awaitable, Callable

SHORT = {"offhook": "us", "ntgcalls": "ntg"}


class Outcome:
    """Collects figures for the report and faults for the exit code."""

    def __init__(self):
        self.figures, self.faults = {}, []

    def tell(self, **figures):
        self.figures.update(figures)

    def demand(self, holds, fault):
        if not holds:
            self.faults.append(fault)
        return holds


@dataclass
class Cell:
    part: str
    name: str
    run: Callable[[Outcome, str], Awaitable[None]]    # (outcome, folder for what it leaves)
    alone: bool = False                               # its figures count, so nothing runs beside it
    attempts: int = 2                                 # the machine may have been disturbed
    outcome: Outcome = field(default_factory=Outcome)


def name_of(setup):
    return f"{setup.version} {setup.way} {SHORT[setup.caller]}->{SHORT[setup.callee]}"
