"""The words by which a document says who may see it; rules ask for the same ones."""

from __future__ import annotations

UNSEALED = "unsealed"
NAMED = "named"  # who sent it does not stay hidden from whoever works on it
# Not this petition, but another of its family is a denunciation: the petition officer alone knows its sender.
DENOUNCES = "denounces"


def territory(province: str) -> str:
    return f"territory:{province}"


def asked(agency: str) -> str:
    """That agency was asked to help and may still read."""
    return f"asked:{agency}"


def entered(user: int) -> str:
    return f"entered:{user}"
