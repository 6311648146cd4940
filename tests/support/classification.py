"""How well `pengaduand classify` reads complaints: figures, and docs/classification.md.

    classification.py PROGRAM [SET ...] [--wrong] [--config FILE] [--document]

Sets: tala and sulit (tuned on), uji (never tuned on), in tests/data/indonesia/SOURCE. --wrong lists what was read wrongly;
--document writes docs/classification.md."""
import argparse
import collections
import json
import os
import subprocess
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data" / "indonesia"
FIELDS = ["kind", "service", "section", "urgent", "place"]


def lines(name):
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def samples(what, name):
    """The tuned or the unseen half: klasifikasi or privasi."""
    if name == "sulit":
        return lines(f"{what}-sulit.jsonl")
    shared = lines(f"{what}.jsonl")
    half = shared[0::2] if name == "tala" else shared[1::2]
    return half + lines(f"{what}-{name}.jsonl")


def run(program, command, asked, config=None):
    told = subprocess.run([Path(program).resolve(), command, *(["-c", config] if config else [])], capture_output=True, text=True,
                          input="".join(json.dumps(one, ensure_ascii=False) + "\n" for one in asked), check=False, cwd=DATA,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    if told.returncode:
        raise RuntimeError(f"{command}: exit {told.returncode}\n{told.stderr}")
    return [json.loads(line) for line in told.stdout.splitlines()]


def classify(program, wanted, config=None):
    asked = [{"channel": one["channel"], "text": one["text"]} for one in wanted]
    return list(zip(wanted, run(program, "classify", asked, config)))


def right(one, got, field, lenient=True):
    return got[field] == one[field] or (lenient and got[field] in one.get(f"also_{field}", []))


def counted(one, field):
    return field == "kind" or one["route"]


def share(pairs, field, lenient=True):
    judged = [right(one, got, field, lenient) for one, got in pairs if counted(one, field)]
    return sum(judged) / len(judged)


def confusion(pairs, field):
    """[(wanted, got, how often)] of what is wrong also by the alternatives."""
    wrong = collections.Counter((one[field], got[field]) for one, got in pairs
                                if counted(one, field) and not right(one, got, field))
    return [(wanted, got, often) for (wanted, got), often in wrong.most_common()]


def table(pairs, field):
    """Markdown: rows what is right, columns what the rules said; an accepted alternative counts as right."""
    judged = [(one, got) for one, got in pairs if counted(one, field)]
    count = collections.Counter((one[field], one[field] if right(one, got, field) else got[field])
                                for one, got in judged)
    names = sorted({name for pair in count for name in pair})
    rows = [f"| **{row}** | " + " | ".join(str(count[row, column] or "") for column in names) + " |" for row in names]
    return "\n".join([f"| {field} | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|", *rows])


DOCUMENT = """# How well complaints are read

`pengaduand classify` and the proposal on a complaint's page come from the rules of `config/rules.conf` (an office may have its
own: `[office] rules`). The file explains its language at its head. This page is written by
`tests/support/classification.py PROGRAM --document`; `tests/flow/test_rules.py` fails when it is not true any more.

Sets, all in `tests/data/indonesia`: **tala**, 167 complaints by which the rules were tuned; **sulit**, 143 hard ones (rhetorical
questions, veiled bribes, dangers in other words), tuned on as well, of which only 58 % of kinds, 79 % of sections and 9 of 16
urgent ones were right when they were new; **uji**, 167 that were never tuned on. All were invented by the people who wrote the rules or the task: a
book of real complaints will be read less well, and everything is a proposal that a person confirms.

Share that is right, strictly and with the alternatives that the label of an ambiguous text allows:

| set | texts | kind | service | section | place | urgent seen | urgent by mistake |
|---|---|---|---|---|---|---|---|
{figures}

## What is taken for what (uji)

Rows are right, columns are what the rules said.

{kinds}

{sections}

## What the dispositions teach

Beside the rules a section is suggested by what the Sekcam decided about earlier complaints: naive Bayes over stems
(`rules/learn.h`), learnt from the book every night and by `pengaduand learn`. `pengaduand learn-measure` does the same with the
{learn_cases} complaints of all sets that have one section: each tenth is asked of what the other nine tenths taught. Right are
{learn_right:.1%}, strictly (an untuned list of words: 76 %, plain naive Bayes on the shared 128: 48 %). How sure an answer is, is
what was measured for answers that led by as much: {learn_bands}. The office's own figures stand at `/pengaturan/saran`.

{learn_table}

## Identity in running text

`pengaduand find-identity` on the set of that name: spans of which at least two thirds are covered by a span of the same type,
spans that touch nothing wanted, spans with exactly the same borders.

| set | spans | found | false | exact |
|---|---|---|---|---|
{identity}
"""


def figure_row(name, pairs):
    def both(field):
        return f"{share(pairs, field, False):.1%} / {share(pairs, field):.1%}"
    wanted = sum(one["urgent"] for one, _ in pairs)
    seen = sum(got["urgent"] for one, got in pairs if one["urgent"])
    false = sum(got["urgent"] for one, got in pairs if not one["urgent"])
    shares = " | ".join(both(field) for field in ("kind", "service", "section", "place"))
    return f"| {name} | {len(pairs)} | {shares} | {seen} of {wanted} | {false} |"


def learnt(program):
    """What cross-validation over all sets says."""
    asked = [{"text": one["text"], "section": one["section"]} for name in ("tala", "sulit", "uji")
             for one in samples("klasifikasi", name) if one["route"]]
    return run(program, "learn-measure", asked)[0]


def learn_table(told):
    names = told["sections"]
    rows = [f"| **{name}** | " + " | ".join(str(count or "") for count in row) + " |" for name, row in zip(names, told["taken"])]
    return "\n".join(["| section | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|", *rows])


def document(program):
    import identity
    lesson = learnt(program)
    read = {name: classify(program, samples("klasifikasi", name)) for name in ("tala", "sulit", "uji")}
    found = {name: identity.figures(identity.judge(program, samples("privasi", name))) for name in ("tala", "uji")}
    return DOCUMENT.format(
        figures="\n".join(figure_row(name, pairs) for name, pairs in read.items()),
        learn_cases=lesson["cases"], learn_right=lesson["right"] / lesson["cases"], learn_table=learn_table(lesson),
        learn_bands=", ".join(f"{band['right']} of {band['all']}" for band in lesson["bands"]),
        kinds=table(read["uji"], "kind"), sections=table(read["uji"], "section"),
        identity="\n".join(f"| {name} | {told['wanted']} | {told['found']:.1%} | {told['false']:.1%} | {told['exact']:.1%} |"
                           for name, told in found.items()))


def report(pairs):
    seen = sum(got["urgent"] for one, got in pairs if one["urgent"])
    false = sum(got["urgent"] for one, got in pairs if not one["urgent"])
    figures = "  ".join(f"{field} {share(pairs, field, False):.1%}/{share(pairs, field):.1%}" for field in FIELDS)
    return f"{figures}  urgent seen {seen} of {sum(one['urgent'] for one, _ in pairs)}, false {false}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("sets", nargs="*", default=["tala"])
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--document", action="store_true")
    parser.add_argument("--config")
    options = parser.parse_args()
    if options.document:
        (DATA.parents[2] / "docs" / "classification.md").write_text(document(options.program), encoding="utf-8")
        return
    for name in options.sets:
        pairs = classify(options.program, samples("klasifikasi", name), options.config)
        print(f"{name}: {len(pairs)} texts, strict/lenient: {report(pairs)}")
        for one, got in pairs if options.wrong else []:
            bad = [field for field in FIELDS if counted(one, field) and not right(one, got, field)]
            if bad:
                print(f"\n{one['id']} {one['channel']}: {one['text']}\n   " +
                      "  ".join(f"{field}: {one[field]}, not {got[field]}" for field in bad) +
                      f"\n   {got['reasons']}")


if __name__ == "__main__":
    main()
