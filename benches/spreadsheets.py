"""Reads a workbook with openpyxl or pandas and does nothing with it: rows, seconds (best of three) and peak kilobytes."""

import resource
import sys
import time


def with_openpyxl(path, read_only):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=read_only, data_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def with_pandas(path):
    import pandas

    return sum(len(sheet) for sheet in pandas.read_excel(path, sheet_name=None, header=None, dtype=str).values())


PARTS = {
    "openpyxl": lambda path: with_openpyxl(path, False),
    "openpyxl read_only": lambda path: with_openpyxl(path, True),
    "pandas": with_pandas,
}

part, path = sys.argv[1:]
best = None
for _ in range(3):
    began = time.perf_counter()
    rows = PARTS[part](path)
    seconds = time.perf_counter() - began
    best = seconds if best is None else min(best, seconds)
print(rows, best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
