"""The words by which a document says who may see it; rules ask for the same ones."""

from __future__ import annotations

UNSEALED = "unsealed"
NAMED = "named"  # who sent it does not stay hidden from whoever works on it
DENOUNCES = "denounces"  # who sent it denounces somebody: the petition officer alone knows him


def territory(province: str) -> str:
    return f"territory:{province}"


def asked(agency: str) -> str:
    """That agency was asked to help and may still read."""
    return f"asked:{agency}"


def entered(user: int) -> str:
    return f"entered:{user}"
