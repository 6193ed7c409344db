"""Keys that two processes make at the same moment are one key."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from config import keys


def test_all_who_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(number: int) -> str:
        together.wait()
        return keys.kept("secret", tmp_path / "keys")

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(start, range(8)))
    assert len(made) == 1
    assert len(made.pop()) == 64
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret.key"]
