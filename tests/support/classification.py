"""How well `pengaduand classify` reads complaints: figures and the table of docs/classification.md.

    classification.py PROGRAM [SET ...] [--wrong] [--table] [--config FILE]

Sets: tala and sulit (tuned on), uji (never tuned on), in tests/data/indonesia/SOURCE. --wrong lists what was read wrongly."""
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
    told = subprocess.run([program, command, *(["-c", config] if config else [])], capture_output=True, text=True,
                          input="".join(json.dumps(one, ensure_ascii=False) + "\n" for one in asked), check=False,
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


def table(pairs):
    """Markdown: rows what is right, columns what the rules said."""
    text = []
    for field in ("kind", "section"):
        names = sorted({one[field] for one, _ in pairs if counted(one, field)} |
                       {got[field] for one, got in pairs if counted(one, field)})
        count = collections.Counter((one[field], one[field] if right(one, got, field) else got[field])
                                    for one, got in pairs if counted(one, field))
        text.append(f"| {field} | " + " | ".join(names) + " |\n" + "|---" * (len(names) + 1) + "|")
        text += [f"| **{row}** | " + " | ".join(str(count[row, column] or "") for column in names) + " |"
                 for row in names]
        text.append("")
    return "\n".join(text)


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
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--config")
    options = parser.parse_args()
    for name in options.sets:
        pairs = classify(options.program, samples("klasifikasi", name), options.config)
        print(f"{name}: {len(pairs)} texts, strict/lenient: {report(pairs)}")
        if options.table:
            print(table(pairs))
        for one, got in pairs if options.wrong else []:
            bad = [field for field in FIELDS if counted(one, field) and not right(one, got, field)]
            if bad:
                print(f"\n{one['id']} {one['channel']}: {one['text']}\n   " +
                      "  ".join(f"{field}: {one[field]}, not {got[field]}" for field in bad) +
                      f"\n   {got['reasons']}")


if __name__ == "__main__":
    main()
