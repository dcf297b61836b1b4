"""Citations: `S1.53` is claim 53 of the source whose id is `S1`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def cited(citations: Iterable[str], sources: Mapping[str, str]) -> list[str]:
    """One line a source, in order: its id, its citation from `sources`, and the claims that are meant."""
    claims: dict[str, list[str]] = {}
    for citation in sorted(set(citations), key=_order):
        source, _, claim = citation.partition(".")
        claims.setdefault(source, []).extend([claim] if claim else [])
    return [f"{source}: {sources.get(source, '')}{_listed(each)}" for source, each in claims.items()]


def _order(citation: str) -> tuple[str, int]:
    source, _, claim = citation.partition(".")
    return source, int(claim) if claim.isdecimal() else 0


def _listed(claims: list[str]) -> str:
    if not claims:
        return ""
    return f" (claim {claims[0]})" if len(claims) == 1 else f" (claims {', '.join(claims)})"
