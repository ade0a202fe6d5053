"""One process of `dutybound serve`: `child web PARENT SOCKET` or `child worker PARENT`."""

import sys

from dutybound_server.project.start import end_with, set_up, stop_on_signals


def main(name: str, parent: str, *sockets: str) -> None:
    end_with(int(parent))
    set_up()
    if name == "web":
        from dutybound_server.project.web import run  # noqa: PLC0415

        run(socket=int(sockets[0]))
    else:
        from dutybound_server.project.rounds import work  # noqa: PLC0415
        from dutybound_server.project.worker import DUTIES  # noqa: PLC0415

        work(DUTIES, stop=stop_on_signals())


if __name__ == "__main__":
    main(*sys.argv[1:])
