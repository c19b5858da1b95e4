"""The facts of a run in words, as every rendering of a document tells them at its end."""

from __future__ import annotations

from cssopt.document.run_facts import RunFacts


def tell_run(facts: RunFacts) -> dict[str, dict[str, str]]:
    """What is told of a run, by section: names and texts; sections without any are left out."""
    told = {
        "Input": {
            "question": facts.question,
            "source": facts.source_name,
            "SHA-256": facts.digest,
            "run id": facts.run_id,
            "begun (UTC)": facts.begun.strftime("%Y-%m-%d %H:%M:%S"),
            "scope": facts.scope,
            "audits": facts.audits.told,
        },
        "Programs": dict(facts.versions),
        "Options": facts.plain_options,
        "Seconds by step": {step: f"{value:.2f}" for step, value in facts.seconds.items()},
    }
    kept = {title: {n: t for n, t in pairs.items() if t} for title, pairs in told.items()}
    return {title: pairs for title, pairs in kept.items() if pairs}
