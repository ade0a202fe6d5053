"""The socket that `serve` opens before anything else."""

import socket

from dutybound_server.project.commands.serve import listen


def test_an_answer_is_not_held_back_until_its_first_part_is_acknowledged() -> None:
    with listen("127.0.0.1", 0, tries=1) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_next_port_is_taken_when_one_is_not_free() -> None:
    with listen("127.0.0.1", 0, tries=1) as taken:
        port = taken.getsockname()[1]

        with listen("127.0.0.1", port, tries=20) as listener:
            assert listener.getsockname()[1] > port
