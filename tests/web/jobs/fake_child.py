"""A job's process that does nothing, in a second, and says what a real one would."""

import json
import sys
import time

TOTAL = 20

if __name__ == "__main__":
    task = json.loads(sys.argv[1])
    print("not JSON", flush=True)
    if task["folder"].endswith("breaks"):
        raise SystemExit("it broke")
    for done in range(TOTAL):
        print(json.dumps({"stage": "estimating", "done": done, "total": TOTAL, "words": "s1"}), flush=True)
        time.sleep(0.05)
    print(json.dumps({"problems": ["it is wrong"]} if task["folder"].endswith("wrong") else {"done": ["s1", "s2"]}))
