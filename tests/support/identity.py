"""How well `pengaduand find-identity` finds what tells who somebody is.

    identity.py PROGRAM [SET ...] [--wrong]      sets: tala (tuned on), uji (never tuned on)

A span is found when one of its type covers at least two thirds of it; false when it touches nothing wanted or optional."""
import argparse

from classification import run, samples


def covers(got, one):
    inside = min(got["end"], one["end"]) - max(got["start"], one["start"])
    types = [one["type"], *([one["type_also"]] if isinstance(one.get("type_also"), str) else one.get("type_also", []))]
    return got["type"] in types and inside * 3 >= 2 * (one["end"] - one["start"])


def touches(got, one):
    return got["start"] < one["end"] and got["end"] > one["start"] and got["type"] == one["type"]


def judge(program, wanted):
    """[(sample, spans, missed, false)]"""
    judged = []
    for one, told in zip(wanted, run(program, "find-identity", [{"text": one["text"]} for one in wanted])):
        spans = told["spans"]
        missed = [span for span in one["spans"] if not any(covers(got, span) for got in spans)]
        false = [got for got in spans if not any(touches(got, span) for span in one["spans"] + one["optional"])]
        judged.append((one, spans, missed, false))
    return judged


def figures(judged):
    wanted = sum(len(one["spans"]) for one, *_ in judged)
    told = sum(len(spans) for _, spans, _, _ in judged)
    exact = sum(any(got["start"] == span["start"] and got["end"] == span["end"] for got in spans)
                for one, spans, _, _ in judged for span in one["spans"])
    return {"wanted": wanted, "found": 1 - sum(len(missed) for _, _, missed, _ in judged) / wanted,
            "false": sum(len(false) for *_, false in judged) / max(told, 1), "exact": exact / wanted}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("sets", nargs="*", default=["tala"])
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    for name in options.sets:
        judged = judge(options.program, samples("privasi", name))
        told = figures(judged)
        print(f"{name}: {told['wanted']} spans, found {told['found']:.1%}, false {told['false']:.1%}, exact {told['exact']:.1%}")
        for one, spans, missed, false in judged if options.wrong else []:
            if missed or false:
                shown = [f"{got['type']}:{one['text'][got['start']:got['end']]}" for got in spans]
                print(f"{one['id']} {one['text']!r}\n   missed {[(m['type'], m['text']) for m in missed]}  "
                      f"false {[(f['type'], one['text'][f['start']:f['end']]) for f in false]}  all {shown}")


if __name__ == "__main__":
    main()
