"""Verifies an export of Milepost's audit trail, independently of Milepost: python3 verify-audit.py EXPORT CHECKPOINTS

EXPORT is the JSON lines file that Milepost writes; CHECKPOINTS a JSON list of {"seq", "hash"} kept off the machine
([] when there are none). Needs Python 3 and nothing else. Exit code 0 when all is as it was written.
"""

import hashlib
import json
import sys

checkpoints = {c["seq"]: c["hash"] for c in json.load(open(sys.argv[2], encoding="utf-8"))}
before, count, redacted = b"\0" * 32, 0, 0
for line in open(sys.argv[1], encoding="utf-8", newline="\n"):
    entry = json.loads(line)
    count += 1
    if entry["seq"] != count:
        sys.exit(f"FAIL gap or reorder at {count}: found {entry['seq']}")
    if entry.get("payload") is None:
        redacted += 1
    else:
        commitment = hashlib.sha256(bytes.fromhex(entry["salt"]) + entry["payload"].encode()).hexdigest()
        if commitment != entry["commit"]:
            sys.exit(f"FAIL payload altered at {count}")
    link = hashlib.sha256(b"\0" + before + count.to_bytes(8, "big") + bytes.fromhex(entry["commit"])).digest()
    if link.hex() != entry["hash"]:
        sys.exit(f"FAIL chain broken at {count}")
    if count in checkpoints and checkpoints[count] != link.hex():
        sys.exit(f"FAIL disagrees with off-box checkpoint {count}")
    before = link
if checkpoints and max(checkpoints) > count:
    sys.exit(f"FAIL truncated: checkpoint says {max(checkpoints)}, log ends at {count}")
print(f"OK {count} entries, {redacted} redacted, head {before.hex()}")
