"""Says what the conformance suite found.

    totals.py REVISION FOLDER

FOLDER holds one folder for each scenario, with checks.json in it.
"""

import json
import sys
from collections import Counter
from pathlib import Path

revision, folder = sys.argv[1:]
scenarios: Counter[str] = Counter()
checks: Counter[str] = Counter()
for path in sorted(Path(folder).glob("*/checks.json")):
    statuses = Counter(check["status"].lower() for check in json.loads(path.read_text()))
    checks += statuses
    failed, passed = statuses["failure"] + statuses["warning"], statuses["success"]
    scenarios["passed" if passed and not failed else "with failures" if failed else "not applicable"] += 1


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


print(f"{revision}: {sum(scenarios.values())} scenarios ({listed(scenarios)}), {sum(checks.values())} checks ({listed(checks)})")
