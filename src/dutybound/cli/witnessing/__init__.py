"""The parts of `dutybound witness`: its keys, what it remembers, and its answers over HTTP."""
