"""Documents as a test reads them: the words of a PDF in their order, the cells of an XLSX."""
import re
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from io import BytesIO

_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def pdf_text(data, *options):
    assert data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:], data[:200]
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=data, check=True, capture_output=True)
    return done.stdout.decode()


def pdf_words(data):
    """Without line ends and repeated blanks."""
    return " ".join(pdf_text(data).split())


def pdf_pages(data):
    return pdf_text(data).count("\f")


class Sheet:
    """rows: [[text or number, ...], ...]; formulas: what stands in <f>; of the named sheet, or the first."""

    def __init__(self, data, number=1):
        with zipfile.ZipFile(BytesIO(data)) as book:
            assert book.testzip() is None
            self.parts = {name: book.read(name) for name in book.namelist()}
        root = ElementTree.fromstring(self.parts[f"xl/worksheets/sheet{number}.xml"])
        self.rows = [[self._value(cell) for cell in row.findall("m:c", _NS)] for row in root.iter("{%s}row" % _NS["m"])]
        self.formulas = [f.text for f in root.iter("{%s}f" % _NS["m"])]
        self.frozen = root.find(".//m:pane", _NS) is not None

    @staticmethod
    def _value(cell):
        if cell.get("t") == "inlineStr":
            return "".join(t.text or "" for t in cell.iter("{%s}t" % _NS["m"]))
        value = cell.find("m:v", _NS)
        return float(value.text) if value is not None else ""

    def row_with(self, text):
        return next(row for row in self.rows if any(isinstance(cell, str) and text in cell for cell in row))


def pdf_size(data):
    """(width, height) of the first page in points, rounded."""
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", data)
    return round(float(box.group(1))), round(float(box.group(2)))
