"""Measure how well a local answer that is wrong is told from one that is right.

    python -m tests.benchmarks.confidence --bfcl SITE_PACKAGES [--train] [--plot]

Reads `paired_outputs.jsonl` (four models' answers to the same BFCL questions) and
`recorded_outputs.jsonl` and `refusals.jsonl` (other models' answers, which count 0.3 in
training, and 0.05 where no tool fits) of ../shared/data; BFCL's checker says what is
wrong, and where no tool fits any call is. SITE_PACKAGES has `bfcl-eval`,
scikit-learn and numpy. Every figure is of questions that its model did not see: five
folds by question. Wrong answers of the fold "kept back" were not read, and nothing was
chosen by its figures, though they were printed along with the others. "trained on X" leaves out all answers of the model that is tested
on, unless that is X. `--train` writes `agentkit/confidence/weights.json`, from all
questions; `--plot` writes the curve to docs/explanation/confidence.svg.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agentkit.backends.replies import reply_from_text
from agentkit.messages import user
from agentkit.pythonic import parse_calls
from agentkit.routing.confidence import Signals, gather, predict_wrong, safe_threshold
from tests.benchmarks.confidence_model import (
    BOUNDS,
    DOUBT,
    FOLDS,
    Row,
    cross_predict,
    fit,
    fit_raw,
)
from tests.benchmarks.confidence_plot import Curve, draw
from tests.benchmarks.confidence_scores import DRAWS, auroc, interval
from tests.benchmarks.parser_recorded import Judge, calls_of

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
WEIGHTS = ROOT / "agentkit" / "confidence" / "weights.json"
PLOT = ROOT / "docs" / "explanation" / "confidence.svg"
SMALL = ("Qwen_Qwen2.5-1.5B-Instruct@AAFV-q", "google_gemma-7b-it")
LARGE = ("gpt-4-0613", "claude-3-5-sonnet-20240620")
KEPT_BACK = 4
SHARES = (0, 5, 10, 20, 30, 40, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers, judged."""

    small: list[Row]
    other: list[Row]
    large: dict[tuple[str, str], bool]
    milliseconds: list[float]


def read_answers(data: Path, judge: Judge) -> Answers:
    """Judge every answer and gather its signals."""
    found = Answers([], [], {}, [])
    for line in load(data / "paired_outputs.jsonl"):
        for model, raw in line["outputs"].items():
            row = {**line, "model": model, "raw": raw}
            if model in SMALL:
                found.small.append(read_row(judge, row, found.milliseconds))
            else:
                found.large[model, question(row)] = is_wrong(judge, row)
    recorded = load(data / "recorded_outputs.jsonl") + load(data / "refusals.jsonl")
    for row in recorded:
        if row["model"] not in LARGE:
            other = read_row(judge, row, found.milliseconds)
            weight = 0.05 if row["cat"] == "irrelevance" else 0.3
            found.other.append(replace(other, weight=weight))
    return found


def read_row(judge: Judge, row: dict[str, Any], times: list[float]) -> Row:
    """Gather the signals of one answer as an agent would."""
    toolset = judge.toolset(row)
    said = (user(judge.question(row)),)
    reply = reply_from_text(row["raw"], toolset)
    gather(said, toolset, reply)  # a toolset is read once, at its first use
    started = time.perf_counter()
    signals = gather(said, toolset, reply)
    times.append(1000 * (time.perf_counter() - started))
    return Row(row["model"], question(row), signals.values, is_wrong(judge, row))


def is_wrong(judge: Judge, row: dict[str, Any]) -> bool:
    """Whether BFCL's checker objects to an answer."""
    calls = calls_of(parse_calls(row["raw"], judge.toolset(row)))
    if row["cat"] == "irrelevance":
        return bool(calls)
    return not judge.is_right(row, calls)


def question(row: dict[str, Any]) -> str:
    """Name the question of an answer."""
    return f"{row['cat']}{row['idx']}"


def load(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def by_fold(p: Sequence[float], rows: Sequence[Row]) -> str:
    """Write the AUROC as the mean over the folds, with how far chance moves it."""
    pairs = list(zip(p, rows, strict=True))
    folds = [
        [(a, row.wrong) for a, row in pairs if row.fold == f] for f in range(FOLDS)
    ]
    found = [auroc(*zip(*fold, strict=True)) for fold in folds]
    low, high = interval([(a, row.wrong) for a, row in pairs])
    least, most = interval(folds[KEPT_BACK])
    return (
        f"{statistics.mean(found):.3f} ({low:.3f} to {high:.3f}); kept back "
        f"{found[KEPT_BACK]:.3f} ({least:.3f} to {most:.3f})"
    )


def report_auroc(answers: Answers) -> dict[str, list[float]]:
    """Print the AUROC within and across models; return predictions by model."""
    print("\nAUROC on questions not seen, mean of five folds (95 in 100 draws)")
    found: dict[str, list[float]] = {}
    for tested in SMALL:
        rows = [row for row in answers.small if row.model == tested]
        for trained in ((*SMALL,), *((one,) for one in SMALL)):
            known = [row for row in answers.small if row.model in trained]
            others = [
                row
                for row in answers.other
                if tested in trained or short(row.model) != short(tested)
            ]
            fitted = fit if len(trained) > 1 else fit_raw
            p = cross_predict([*known, *others], rows, fitted)
            name = " and ".join(short(model) for model in trained)
            print(
                f"  tested on {short(tested):16} trained on {name:34} {by_fold(p, rows)}"
            )
            if len(trained) > 1:
                found[tested] = p
    report_others(answers)
    return found


def report_others(answers: Answers) -> None:
    """Print the AUROC on other models' answers, and on answers without a call."""
    names = {short(model) for model in SMALL}
    asked = [row for row in answers.other if not row.question.startswith("irrel")]
    unseen = [row for row in asked if short(row.model) not in names]
    p = cross_predict(answers.small, unseen, fit_raw)
    models = len({row.model for row in unseen})
    value = auroc(p, [row.wrong for row in unseen])
    print(f"  tested on {models} other models, trained on the two only: {value:.3f}")
    silent = [row for row in answers.other if row.values["no_call"]]
    p = cross_predict([*answers.small, *answers.other], silent, fit_raw)
    value = auroc(p, [row.wrong for row in silent])
    print(f"  tested on {len(silent)} answers without a call: {value:.3f}")


def report_calibration(p: Sequence[float], rows: Sequence[Row]) -> None:
    """Print predicted against found, in ten bins of one size, and their mean gap."""
    order = sorted(zip(p, (row.wrong for row in rows), strict=True))
    size, gap = len(order) / 10, 0.0
    print(f"\n{short(rows[0].model)}: predicted and found share of wrong answers")
    for number in range(10):
        part = order[round(number * size) : round((number + 1) * size)]
        predicted = statistics.mean(a for a, _ in part)
        found = statistics.mean(b for _, b in part)
        gap += abs(predicted - found) / 10
        print(f"  {predicted:6.3f} {found:6.3f}")
    print(f"  expected calibration error {gap:.3f}")


def report_bounds(p: Sequence[float], rows: Sequence[Row]) -> None:
    """Print what thresholds do that are set on draws from the questions.

    A draw has half as many questions as there are, with replacement; what comes of its
    threshold is counted over all of them, which here is the truth that a draw is of.
    """
    print(f"\n{short(rows[0].model)}: acted on and wrong, {DRAWS} draws")
    pairs = [(a, row.wrong) for a, row in zip(p, rows, strict=True)]
    for bound in BOUNDS:
        shares: list[float] = []
        acted: list[float] = []
        for draw_number in range(DRAWS):
            known = random.Random(draw_number).choices(pairs, k=len(pairs) // 2)
            limit = safe_threshold([a for a, _ in known], [b for _, b in known], bound)
            shares.append(sum(a <= limit and b for a, b in pairs) / len(pairs))
            acted.append(sum(a <= limit for a, _ in pairs) / len(pairs))
        above = sum(share > bound for share in shares) / DRAWS
        print(
            f"  bound {bound:.2f}: realised {statistics.mean(shares):.3f} in the mean, "
            f"above the bound in {above:.1%} of draws (allowed {DOUBT:.0%}); "
            f"acted on {statistics.mean(acted):.1%}"
        )


def curve(
    p: Sequence[float], rows: Sequence[Row], answers: Answers, large: str
) -> Curve:
    """Send the answers of the highest `p_wrong` to the large model, one by one more."""
    order = sorted(zip(p, rows, strict=True), key=lambda pair: -pair[0])
    right = sum(not row.wrong for row in rows)
    points = [right / len(rows)]
    for _, row in order:
        right += row.wrong - answers.large[large, row.question]
        points.append(right / len(rows))
    return Curve(short(rows[0].model), short(large), tuple(points))


def report_curves(curves: Sequence[Curve]) -> None:
    """Print accuracy against the share that is sent, and what chance would give."""
    print("\naccuracy by share sent to the large model (per cent); below it, at random")
    print(f"{'':36}" + "".join(f"{share:7}" for share in SHARES))
    for one in curves:
        count = len(one.points) - 1
        told = [one.points[count * share // 100] for share in SHARES]
        chance = [one.at_random(share / 100) for share in SHARES]
        print(
            f"{one.small + ' > ' + one.large:36}" + "".join(f"{x:7.3f}" for x in told)
        )
        print(f"{'':36}" + "".join(f"{x:7.3f}" for x in chance))


def report_cost(answers: Answers) -> None:
    """Print the time of gathering signals, and of predicting from them."""
    rows = answers.small[:500]
    started = time.perf_counter()
    for row in rows:
        predict_wrong(Signals(row.values, {}))
    each = 1000 * (time.perf_counter() - started) / len(rows)
    times = statistics.median(answers.milliseconds)
    print(f"\npredict {each:.3f} ms; gather {times:.3f} ms (median)")


def short(model: str) -> str:
    """Shorten a model's name."""
    return model.split("@")[0].removeprefix("Qwen_").removeprefix("google_")


def main() -> int:
    """Print every figure; 2 when the data or the judge is not there."""
    options = argparse.ArgumentParser(description="Measure the confidence model.")
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--bfcl", default="")
    options.add_argument("--train", action="store_true")
    options.add_argument("--plot", action="store_true")
    given = options.parse_args()
    if not (given.data / "paired_outputs.jsonl").is_file():
        print(f"no paired outputs in {given.data}; give their folder by --data")
        return 2
    try:
        answers = read_answers(given.data, Judge(given.bfcl))
    except ImportError as missing:
        print(f"the judge is not there ({missing}): pip install --no-deps bfcl-eval")
        return 2
    if given.train:
        facts = fit([*answers.small, *answers.other])
        WEIGHTS.write_text(json.dumps(facts, separators=(",", ":")) + "\n", "utf-8")
        print(f"wrote {WEIGHTS.name}: thresholds {facts['thresholds']}")
    predicted = report_auroc(answers)
    curves: list[Curve] = []
    for model, p in predicted.items():
        rows = [row for row in answers.small if row.model == model]
        report_calibration(p, rows)
        report_bounds(p, rows)
        curves += [curve(p, rows, answers, large) for large in LARGE]
    report_curves(curves)
    report_cost(answers)
    if given.plot:
        PLOT.write_text(draw(curves), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
